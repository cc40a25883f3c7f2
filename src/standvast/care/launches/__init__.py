"""Launches: a click in one system opens the right page of another, with the patient in hand.

Owns     tables `launches_*`; pages under /launch/.
Promises a launch is one step: whoever clicks stands on the patient's page, and a patient who
         was not in the register is in it, whatever is known or checked about them; a token counts
         once, for a minute at most, and only for us; what it carries stands in no address and no
         log; a launch that is broken breaks no other.
Uses     registry.patients, registry.access, registry.organisations, core.journal.
Not      the other system's patients: what it tells is taken into the organisation's own register.
"""
