"""Outage reports: made from the records, checked against them, and followed by actions.

Owns     tables `reports_*`; pages under /desk/reports/.
Promises a number in a report is a number in the records; a report with a fault in it is not
         approved; nothing is called lost or safe without proof; an action closes only by a drill
         or test that passes with the change and failed without it.
Uses     core.journal, desk.incidents, registry, web.
Not      the incident itself: the report reads it and never changes it.
"""
