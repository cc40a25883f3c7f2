"""Systems that Standvast opens with a patient in hand: lab orders, diagnostics, a pharmacy portal.

Owns     which key each knows Standvast by, kept in a folder; tokens that were used and what was
         opened, in memory and bounded.
Promises a token counts once, for a minute, for whom it names, signed with the key that was handed
         in; a person or a program can make each of them, alone, troubled while it runs.
Not      anybody's system: what they ask for is invented, in the shape of what such systems ask.
"""
