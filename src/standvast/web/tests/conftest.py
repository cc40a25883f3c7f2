"""The page kit is tried by itself: no notices of other modules, which would ask the database."""

from collections.abc import Iterator

import pytest

from standvast.kit.wiring import rewired
from standvast.web.api import BELL, NOTICES, PUBLIC_NOTICES


@pytest.fixture(autouse=True)
def _no_notices_of_others() -> Iterator[None]:
    with rewired(BELL.filled(), NOTICES.filled(), PUBLIC_NOTICES.filled()):
        yield
