"""The pages "Apps": which apps of others may ask people to be let in, and where they are used.

Owns     no table; pages under /desk/apps/.
Promises a secret is shown once, to who made it; says of each act what it does before it is done.
Uses     registry.grants, registry.access, registry.organisations, web.
Not      what people gave to an app, which is theirs to see: registry.grants.
"""
