"""Releases: what may go to people, when, and on whose evidence.

Owns     tables `releases_*`; pages under /desk/releases/; the command `standvast release`.
Promises evidence counts for the digest it was made of and for no other; inconclusive and missing
         count as refused; one build passes test and acceptance before production; the rule is
         asked for the planned time and again at the start, with everything gathered anew; whoever
         built it does not approve it; a broken glass has two names and a reason, for good.
Uses     core.health, core.journal, registry, desk.incidents.
Not      how evidence comes about: other modules bring that through the slot EVIDENCE.
"""
