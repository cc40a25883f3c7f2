"""Sealed payloads and keyed digests."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.core.delivery import sealing
from standvast.core.delivery.sealing import CannotOpen, SealingKeysWrong


def entry(name: str, byte: int) -> str:
    return f"{name}:" + base64.b64encode(bytes([byte]) * 32).decode()


OLD, NEW = entry("old", 1), entry("new", 2)
payloads = st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text() | st.none())


@pytest.fixture(autouse=True)
def keys(settings):
    settings.SEALING_KEYS = (OLD,)
    return settings


class TestSealing:
    @given(payload=payloads)
    def test_opens_what_it_sealed_and_shows_none_of_it(self, payload):
        plain = sealing.canonical(payload)
        key = sealing.first_key()

        sealed = sealing.seal(key, plain, lane="lane", key="key")

        assert sealing.opened(sealed, key_id=key.id, lane="lane", key="key") == payload
        assert len(plain) < 12 or plain not in sealed

    @pytest.mark.parametrize(("lane", "key"), [("other", "key"), ("lane", "other")])
    def test_does_not_open_elsewhere(self, lane, key):
        sealed = sealing.seal(sealing.first_key(), b"{}", lane="lane", key="key")

        with pytest.raises(CannotOpen):
            sealing.opened(sealed, key_id="old", lane=lane, key=key)

    @given(position=st.integers(0, 29), bit=st.integers(0, 7))
    def test_does_not_open_when_any_bit_was_altered(self, position, bit):
        sealed = bytearray(sealing.seal(sealing.first_key(), b"{}", lane="lane", key="key"))
        sealed[position % len(sealed)] ^= 1 << bit

        with pytest.raises(CannotOpen):
            sealing.opened(bytes(sealed), key_id="old", lane="lane", key="key")

    def test_seals_with_the_first_key_and_opens_with_all(self, keys):
        sealed = sealing.seal(sealing.first_key(), b"{}", lane="lane", key="key")

        keys.SEALING_KEYS = (NEW, OLD)

        assert sealing.first_key().id == "new"
        assert sealing.opened(sealed, key_id="old", lane="lane", key="key") == {}

    def test_says_so_when_the_key_is_gone(self, keys):
        sealed = sealing.seal(sealing.first_key(), b"{}", lane="lane", key="key")
        keys.SEALING_KEYS = (NEW,)

        with pytest.raises(CannotOpen):
            sealing.opened(sealed, key_id="old", lane="lane", key="key")

    @pytest.mark.parametrize(
        "wrong",
        [(), ("x",), (":" + OLD.split(":")[1],), ("id:AAAA",), ("id:***",), (OLD, OLD)],
    )
    def test_refuses_keys_that_cannot_be_used_without_repeating_them(self, keys, wrong):
        keys.SEALING_KEYS = wrong

        with pytest.raises(SealingKeysWrong) as caught:
            sealing.sealing_keys()

        assert OLD.split(":")[1] not in str(caught.value)


class TestDigest:
    @given(payload=payloads)
    def test_is_the_same_for_the_same_content_in_any_order(self, payload):
        turned = dict(reversed(list(payload.items())))
        digest = sealing.digest(sealing.first_key(), sealing.canonical(payload))

        assert sealing.is_same(sealing.canonical(turned), digest_stored=digest, key_id="old")

    def test_differs_by_content_and_by_key(self, keys):
        digest = sealing.digest(sealing.first_key(), b'{"a":1}')

        assert not sealing.is_same(b'{"a":2}', digest_stored=digest, key_id="old")
        keys.SEALING_KEYS = (NEW,)
        assert digest != sealing.digest(sealing.first_key(), b'{"a":1}')

    def test_refuses_rather_than_guesses_when_its_key_is_gone(self, keys):
        digest = sealing.digest(sealing.first_key(), b"{}")
        keys.SEALING_KEYS = (NEW,)

        assert not sealing.is_same(b"{}", digest_stored=digest, key_id="old")
