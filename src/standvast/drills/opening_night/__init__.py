"""Report 004: thousands order at midnight while the mail server is slow.

Owns     nothing in the database; its season, lobby and people live in its own installation.
Promises the fixed lines of the drill `opening-night`; its twin `mail-first` fixes an order only
         after its mail was handed over, and fails confirmed_p95, calendar_true and holds_lost.
Not      a benchmark: it asks whether people are told the truth in time, not how many per second.
"""
