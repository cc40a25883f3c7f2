"""Who exists and who may do what: organisations, people, access (and later patients).

Owns     what its modules own; `personal.py`, the way every personal field is declared.
Promises top first: access uses people and organisations; people uses organisations.
"""
