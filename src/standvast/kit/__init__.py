"""Pure Python that every floor may use: errors, ids, words, settings reader, wiring. No Django.

Owns     nothing that is stored.
Promises no import of Django, the network or the clock.
Not      a drawer for leftovers: what only one module needs lives in that module.
"""
