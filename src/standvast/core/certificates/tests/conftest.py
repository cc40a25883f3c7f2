"""Authorities are made once: keys take time."""

import pytest

from standvast.core.certificates.testing import Authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Issues for installations for tests, by way of an authority below it."""
    return Authority("Voorbeeld CA G2", above=Authority("Voorbeeld wortel"))


@pytest.fixture(scope="session")
def elsewhere() -> Authority:
    """An authority that nobody here expects."""
    return Authority("Vreemde CA")
