"""Keys of each use; what a key promises is tried in core/delivery/tests/test_sealing."""

import base64

import pytest

from standvast.core.sealing.api import CannotOpen, first_key, opened, seal

SEALED_FOR_DELIVERY = "c3e4f3710632b7c49dfafa30311b2b6a06577955d1a00850f56ca974fdfe"
KEY = "one:" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.SEALING_KEYS = (KEY,)


def test_opens_for_its_own_use_and_place():
    sealed = seal(first_key("letters"), b"geheim", place=b"here")

    assert opened(sealed, key_id="one", use="letters", place=b"here") == b"geheim"


@pytest.mark.parametrize(("use", "place"), [("other", b"here"), ("letters", b"there")])
def test_opens_for_no_other_use_and_at_no_other_place(use, place):
    sealed = seal(first_key("letters"), b"geheim", place=b"here")

    with pytest.raises(CannotOpen):
        opened(sealed, key_id="one", use=use, place=place)


@pytest.mark.parametrize("broken", [b"", b"short", bytes(40)])
def test_what_was_never_sealed_does_not_open(broken):
    with pytest.raises(CannotOpen):
        opened(broken, key_id="one", use="letters", place=b"here")


def test_payloads_sealed_before_still_open():
    """The derivation for lanes may never change: deliveries wait while a release goes out."""
    sealed = bytes.fromhex(SEALED_FOR_DELIVERY)

    assert opened(sealed, key_id="one", use="delivery", place=b"mail\0key") == b"{}"
