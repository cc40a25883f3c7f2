"""Who releases: the lead of a desk, with nothing of other modules around."""

from collections.abc import Iterator

import pytest

from standvast.desk.incidents.testing import a_desk
from standvast.registry.access.testing import AtWork


@pytest.fixture
def lead() -> Iterator[AtWork]:
    with a_desk() as found:
        yield found
