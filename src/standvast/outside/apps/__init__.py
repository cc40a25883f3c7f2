"""Apps that Standvast starts: a growth chart with a patient in hand, a duty roster to sign in to.

Owns     each app's key pair, kept in a folder; who is on the way to sign in, in memory and bounded.
Promises an app takes its start from the Standvast it was told of and no other, asks it who it is
         and whom with a key pair of its own (`private_key_jwt`) and PKCE, checks every answer, and
         shows what it reads; a person or a program can make each of them, alone, troubled.
Not      anybody's app: written from the public standards, in the shape of what such apps do.
"""
