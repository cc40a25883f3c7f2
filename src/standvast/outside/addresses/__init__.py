"""A supplier that says whether mail would reach an address, as reset pages like to ask.

Owns     what it was asked, in memory and bounded: never the address itself.
Promises its contract can be changed while it runs, for everybody or only for addresses that people
         sign in with: another field, another verdict, slowness, absence.
Not      a mail server: it opens no mail box, and guesses like its models do.
"""
