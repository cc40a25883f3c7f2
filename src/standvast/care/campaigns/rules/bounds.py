"""Every bound and default of the order desk."""

from datetime import timedelta

STEP_DEFAULT = 10
HOLD_S_DEFAULT = 300
HOLD_S_MIN = 10
HOLD_S_MAX = 3_600
CHANGE_WORKING_DAYS_MIN = 8
DOSES_MAX = 100_000
"""Nobody orders more at once; a kind of customer may have a lower bound."""
KEY_LENGTH_MAX = 64
DAYS_PER_SEASON_MAX = 400
FUNCTION = "campaigns.order"
"""The function that the desk can close: what is held may still be confirmed."""
PROBE_YEAR = 1900
"""The year of the season that only probes order in; no page shows it."""
GRACE = timedelta(seconds=5)
"""After its time a hold is left alone and may still be confirmed for this long.

A press in time may be lost with the process that it reached: its browser presses again by itself
within a second, and whoever takes it then knows nothing of the first. The page shows no grace.
"""
GIVEN_BACK_MS_MIN = 500
"""Below half a second our own slowness is not worth a write."""

GIVEN_BACK_MS_MAX = 3_600_000
LOST_ANSWER_MAX = timedelta(seconds=60)
"""A repeated request for a hold gives back the time since the first, at most this, once."""
