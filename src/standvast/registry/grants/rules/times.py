"""How long each thing counts. Pure."""

from datetime import timedelta

CODE_LIFE = timedelta(seconds=60)
ACCESS_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(days=30)
"""Without being used. Each use gives a new one."""
GRANT_LIFE = timedelta(days=90)
"""After this a person is asked again, however often the app came back."""
IDENTITY_LIFE = timedelta(minutes=5)
LAUNCH_LIFE = timedelta(seconds=60)
"""From the click to the app's question."""
OPENED_LIFE = timedelta(minutes=10)
"""From the app's question to the person's answer."""
ASSERTION_LIFE_MAX = timedelta(minutes=5)
SKEW = timedelta(seconds=30)
"""Clocks of suppliers are not ours."""
REUSE_SEEN_FOR = timedelta(days=7)
"""A refresh token that was used is known for this long, so that a second use ends its family;
after that it is refused like any that nobody knows."""
FORGET_AFTER = timedelta(days=1)
