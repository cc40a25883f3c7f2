"""Rules as Cedar policies: what rights say, what is laid on top, how a change proves itself.

declared.py   the policies that the modules' rights say, as readable text
cedar.py      text to a parsed set and back to lines; one decision, remembered
memory.py     the sets of this process: the one enforced and the one in the shadow
tally.py      what the shadow would have decided otherwise, counted within bounds
rules.py      states of a set, and when one may be enforced
"""
