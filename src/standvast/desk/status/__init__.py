"""Status: what people are told about how things stand, and functions closed by hand.

Owns     tables `status_closure`, `status_notice`, `status_putaway`; `/desk/`, `/status/`,
         `/api/v2/`, `/notices/`; the static snapshot in `var/snapshot` and `var/board.json`.
Promises a closure works within 2 s on open screens and outlives a dead database; the public page
         is written whole, names its own age and needs neither platform nor database; notices
         reach exactly whom they are for and never wait for mail.
Publishes FunctionClosed, FunctionReopened (standvast.events.desk).
Uses     core.delivery, core.health, core.journal, registry, web.
Not      incidents: those bring their public entries through the slot PUBLIC_ENTRIES.
"""
