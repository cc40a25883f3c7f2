"""Lobby: where a crowd waits, in order, to be let in. Knows nothing of what it waits for.

Owns     tables `lobby_lobby`, `lobby_place`, `lobby_witness`, `lobby_load`; routes under /lobby/.
Promises one place per organisation, however many tabs, devices and restarts; those who came before
         the opening instant are in an order that nobody chose and anybody can recompute, later
         ones in order of arrival; a place shown only ever goes down; an estimate says whether it
         can be relied on; nobody is let in faster than those inside are served; a status answer
         never touches the database.
Uses     groupcommit, journal, web, database. Slot FREE_PLACES: how many places are still free.
Not      the last word on who may order: whoever sells asks `admitted_set` in its own transaction.
         Not proof against an operator who invents participants: docs/reference/lobby.md.
"""
