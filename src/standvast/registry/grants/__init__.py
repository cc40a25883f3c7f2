"""Grants: what a person lets an app of another do in their name, and Standvast as sign-in for it.

Owns     tables `grants_*`; pages under /oauth/ and /grants/; what is published at /.well-known/.
Promises an app gets what its supplier registered, the person said yes to and their role gives,
         never more; a code counts once, a refresh token too, and what is shown twice ends all that
         came of it; what was taken back, or whose person left, opens nothing from then on; no
         patient stands in an address; a person is sent only to addresses that were registered.
Uses     registry.patients, registry.access, registry.people, core.journal, core.sealing.
Not      what an app reads: each floor that shows something asks `bearer_of` and its own rules.
"""
