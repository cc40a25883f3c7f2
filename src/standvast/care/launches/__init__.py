"""Launches: a click in one system opens the right page of another, with the patient in hand.

Owns     tables `launches_*`; pages under /launch/ and /desk/launches/; the component `launches`.
Promises in: whoever clicks stands on the patient's page, and a patient who was not in the register
         is in it, whatever is known or checked about them; a token counts once, for a minute at
         most, and only for us.
         Out: people meet a version of a target only after its walk passed; each is walked three
         times a minute over our own page and theirs, and is greyed alone, with reason and time.
         What a token carries stands in no address and no log.
         Apps that people let in are started like the rest, and walked through our own door.
Uses     registry.patients, registry.grants, registry.access, registry.organisations, core.health,
         core.journal, core.sealing.
Not      the other system's patients: what it tells is taken into the organisation's own register;
         whether it takes a token once: that is the other side's to hold.
"""
