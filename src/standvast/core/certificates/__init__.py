"""Certificates that we show to others: whose they are, what they are for, and whether they do.

Owns     table `certificates_certificate`: one row per certificate handed in, its key sealed.
Promises a certificate is not switched to before it passed every check, with a live handshake with
         the peer that will be shown it; switching and rolling back are one act and take effect at
         the next use; a key is never shown again and never stays on a disk; a certificate that
         fails or runs out is a finding before the peer refuses it.
Uses     core.health, core.journal, core.sealing, database, kit.
Not      asking an authority for a certificate; certificates that people sign in with.
States   next -> current -> previous -> retired; previous -> current (see rules.slots.MOVES).
"""
