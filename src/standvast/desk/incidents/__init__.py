"""Incidents: what needs a person, from the first word of trouble to its proven end.

Owns     tables `incidents_*`; pages under /desk/incidents/ and /help/report/; lanes `desk.page` and
         `incidents.events`.
Promises one incident per scope, not one per mail or call; severity rises by itself and never
         sinks from silence; every change stands in an append-only timeline; solved is proven,
         not quiet; an acknowledgement expires and an undertaking that is missed pages.
Publishes IncidentOpened, SeverityChanged, IncidentSolved (standvast.events.desk).
Hears    FunctionClosed, FunctionReopened.
Uses     core.delivery, core.health, core.journal, registry, desk.status.
Not      care: whom a component reaches comes in through the slot REACH.
"""
