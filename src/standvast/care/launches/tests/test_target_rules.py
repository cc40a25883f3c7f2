"""What may be launched into, what it gets, and what its answer must be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.care.launches.rules.contract import REASONS, Shown, asks_password, fault_in
from standvast.care.launches.rules.targets import (
    Contract,
    Kind,
    Source,
    TargetNotRight,
    check_address,
    check_draft,
    claims_in_text,
    nested,
    sites_of,
)
from standvast.care.launches.seeds import DRAFTS

DRAFT = replace(DRAFTS["orders"], address="https://lab.example/launch")
PAGE = "<h1>New order</h1><dl><dt>Name</dt><dd>Proefpersoon &amp; co</dd></dl>"
CONTRACT = Contract(marker="New order", echoes=("family",))
HANDED = {"family": "Proefpersoon & co"}
SIGN_IN = '<h1>Sign in</h1><INPUT id=p type="password">'


def flat(claims, above=""):
    """Return the names of nested claims as they are written: `a.b` lies in `a`."""
    for name, value in claims.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


class TestClaimsInText:
    def test_reads_one_a_line(self):
        text = " user-id.value = user\n\ncontext.bsn=patient-bsn\n"

        assert claims_in_text(text) == {"user-id.value": "user", "context.bsn": "patient-bsn"}

    @pytest.mark.parametrize(
        "line",
        ["user", "a b = user", "x = moon", "exp = user", "jti = task", "a..b = user", "= user"],
    )
    def test_names_the_line_that_is_none(self, line):
        with pytest.raises(TargetNotRight) as refused:
            claims_in_text(f"user = user\n{line}")

        assert refused.value.values["line"] == line

    def test_refuses_a_name_twice_and_one_that_lies_in_another(self):
        for text in ("a = user\na = role", "a = user\na.b = role"):
            with pytest.raises(TargetNotRight):
                claims_in_text(text)

    @given(st.dictionaries(st.from_regex(r"[a-d](\.[e-h]){0,2}", fullmatch=True), st.text()))
    def test_what_was_taken_can_always_be_nested(self, claims):
        lines = "\n".join(f"{name} = user" for name in claims)
        try:
            taken = claims_in_text(lines)
        except TargetNotRight:
            return

        assert set(flat(nested(dict.fromkeys(taken, "x")))) == set(taken)


class TestCheckAddress:
    @pytest.mark.parametrize(
        "address",
        [
            "http://lab.example/",
            "https://",
            "https://u:p@lab.example/",
            "https://lab.example/#x",
            "https://lab.example/ x",
            "https://lab.example/;script-src",
            "https://lab.example:99999/",
            "https://la b.example/",
            "javascript:alert(1)",
            "//lab.example/",
            "http://127.0.0.1:8000/",
            "https://127.0.0.1/",
        ],
    )
    def test_sends_nobody_where_it_is_not_safe(self, address):
        with pytest.raises(TargetNotRight):
            check_address(address)

    def test_takes_tls_and_the_simulated_world_where_there_is_one(self):
        taken = check_address("https://lab.example:8443/launch?x=1")
        here = check_address("http://127.0.0.1:8000/", is_world_here=True)

        assert taken is here is None


class TestCheckDraft:
    def test_takes_what_the_demo_has(self):
        for draft in DRAFTS.values():
            assert check_draft(replace(draft, address="https://lab.example/")) is None

    @pytest.mark.parametrize(
        "wrong",
        [
            {"instead": {"en": "Call."}},
            {"claims": {}},
            {"kind": Kind.LINK},
            {"contract": Contract()},
            {"contract": Contract(marker="x", echoes=("moon",))},
            {"leads_to": ("http://elsewhere.example",)},
            {"leads_to": ("https://a.example",) * 9},
        ],
    )
    def test_refuses_what_cannot_be(self, wrong):
        with pytest.raises(TargetNotRight):
            check_draft(replace(DRAFT, **wrong))

    def test_knows_whether_a_patient_is_needed_and_where_it_ends(self):
        draft = replace(DRAFT, leads_to=("https://b.example/x", "https://lab.example/y"))

        assert draft.needs_patient
        assert not replace(DRAFT, claims={"who": Source.USER.value}).needs_patient
        assert sites_of(draft) == ("https://lab.example", "https://b.example")


class TestFaultIn:
    def test_finds_none_in_what_was_agreed(self):
        assert fault_in(Shown(200, PAGE), CONTRACT, HANDED) is None

    @pytest.mark.parametrize(
        ("shown", "code"),
        [
            (Shown(500, PAGE), "launches.far_fault"),
            (Shown(403, PAGE), "launches.refuses"),
            (Shown(404, PAGE), "launches.other_status"),
            (Shown(200, SIGN_IN), "launches.signs_in"),
            (Shown(200, "<h1>Welcome</h1>"), "launches.not_the_page"),
            (Shown(200, "<h1>New order</h1>"), "launches.not_the_patient"),
            (Shown(200, f"<h1>New order</h1>{SIGN_IN}"), "launches.signs_in"),
            (Shown(200, "<h1 title='New order'>x</h1>Proefpersoon & co"), "launches.not_the_page"),
        ],
    )
    def test_says_which_part_is_broken(self, shown, code):
        fault = fault_in(shown, CONTRACT, HANDED)

        assert fault is not None
        assert fault.code == code
        assert fault.template.format(**fault.values)

    def test_a_claim_that_was_not_handed_over_is_not_taken_for_shown(self):
        fault = fault_in(Shown(200, PAGE), CONTRACT, {})

        assert fault is not None
        assert fault.code == "launches.not_the_patient"

    def test_every_reason_can_be_said_with_its_values(self):
        assert all(code.startswith("launches.") for code in REASONS)

    def test_a_field_for_text_asks_for_no_password(self):
        assert not asks_password('<input type="text" name="password">')
