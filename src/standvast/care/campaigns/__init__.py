"""Campaigns: practices order vaccines for a season, all at once, each place sold once.

Owns     tables `campaigns_*`; lane `campaigns.confirmation`; pages /campaigns/ and
         /office/campaigns/.
Promises a day is never sold past its doses or its addresses (CHECK in the table); a hold and its
         order are one row and one unit in the day's count; an order is confirmed by its own
         commit and by nothing else; people are charged only for their own time.
Publishes OrderPlaced, OrderChanged, OrderCancelled (standvast.events.campaigns).
Uses     registry, core.groupcommit, core.lobby, core.delivery, core.journal, web.
Not      shipments, settlement, waiting lists: those follow the confirmed order.
"""
