"""Sealing at rest: what is stored can be read by who has the installation's keys, and no other.

Owns     no table; the setting `STANDVAST_SEALING_KEYS`.
Promises what was altered, or moved to another place, does not open; each use has keys of its own,
         so that what is sealed for one opens for no other; a key is rotated by putting a new one
         in front.
Uses     kit.
Not      what people seal for each other in the browser: the server holds these keys.
"""
