"""The page "Lanes": how everything on its way to others stands, and what a person can do about it.

Owns     no table; pages under /desk/lanes/.
Promises never shows what a delivery carries; each act is journaled with who did it and why.
Uses     core.delivery, registry.access, web.
Not      the lanes themselves: those are core.delivery.
"""
