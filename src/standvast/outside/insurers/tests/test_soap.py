from datetime import date

import pytest
from lxml import etree

from standvast.outside.insurers.answers import Answer, Search, answer_of
from standvast.outside.insurers.people import Insurance, People, Person
from standvast.outside.insurers.soap import (
    CONTRACT,
    MESSAGES,
    TYPES,
    Fault,
    Version,
    answer_out,
    description,
    fault_out,
    request_in,
    safe_parser,
)
from standvast.outside.insurers.tests.messages import BSN, DAY, controleer, envelope, search

NAMES = {"m": MESSAGES, "t": TYPES, "f": Version.V11.namespace, "g": Version.V12.namespace}

ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{ENTITIES}]>"


def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(CONTRACT / "messages.xsd")))


def body_of(message: bytes, version: Version) -> etree._Element:
    (found,) = etree.fromstring(message).find(f"{{{version.namespace}}}Body")
    return found


class TestRequest:
    @pytest.mark.parametrize("version", list(Version))
    def test_is_understood(self, version):
        path = "<t:Postcode> 1234AB </t:Postcode><t:Huisnummer>8</t:Huisnummer>"
        message = controleer(search(1), search(2, path=path))

        request = request_in(envelope(message, version=version), version=version)

        assert (request.version, request.provider) == (version, "01012345")
        born_on = date(1962, 3, 15)
        assert request.searches == (
            Search(number=1, born_on=born_on, on=DAY, bsn=BSN, reference="ours-1"),
            Search(
                number=2, born_on=born_on, on=DAY, postcode="1234AB", house_number="8",
                reference="ours-2",
            ),
        )  # fmt: skip

    @pytest.mark.parametrize("count", [0, 21])
    def test_may_hold_none_or_too_many_which_have_an_answer(self, count):
        message = envelope(controleer(*(search(n + 1) for n in range(count))))

        assert len(request_in(message, version=Version.V11).searches) == count

    @pytest.mark.parametrize(
        "message",
        [
            b"",
            b"no xml",
            b"<a>",
            "<a/>".encode("utf-16"),
            b"<Envelope/>",
            envelope(""),
            envelope(controleer() + controleer()),
            envelope("<other/>"),
            envelope(controleer(search()), version=Version.V12),
            envelope(controleer(search(on="02-03-2026"))),
            envelope(controleer(search(on="2026-03-02Z"))),
            envelope(controleer(search(on="12026-03-02"))),
            envelope(controleer(search(number="x"))),
            envelope(controleer(search(path="<t:Bsn>" + "9" * 21 + "</t:Bsn>"))),
            envelope(controleer(search(path="<t:Naam>x</t:Naam>"))),
            envelope(controleer(search(), kind="1")),
            envelope(
                controleer(search()),
                header='<s:Header><x s:mustUnderstand="1"/></s:Header>',
            ),
        ],
    )
    def test_is_refused_when_it_is_not_what_the_schema_says(self, message):
        with pytest.raises(Fault) as refused:
            request_in(message, version=Version.V11)

        assert refused.value.code == "BerichtOnjuist"


class TestAttack:
    """A document type is refused, and what it would do is not done before."""

    @pytest.mark.parametrize(
        "message",
        [
            envelope(controleer(search(path="<t:Bsn>&a11;</t:Bsn>")), before=LAUGHS),
            envelope(controleer(search()).replace("<m:Z", "<m:Z x='&a11;'", 1), before=LAUGHS),
            envelope(
                controleer(search(path="<t:Bsn>&file;</t:Bsn>")),
                before='<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/hostname">]>',
            ),
            envelope(controleer(search()), before='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
            envelope(
                controleer(search()),
                before='<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
            ),
            envelope(controleer(search()), before="<!DOCTYPE x>"),
            envelope("<x>" * 5_000 + "</x>" * 5_000),
        ],
        ids=["laughs", "laughs inside a tag", "file", "dtd", "parameter", "bare", "deep"],
    )
    @pytest.mark.timeout(5)
    def test_gets_a_fault_and_nothing_else(self, message):
        with pytest.raises(Fault) as refused:
            request_in(message, version=Version.V11)

        assert refused.value.code == "BerichtOnjuist"
        assert refused.value.reason in ("This is no XML.", "A document type is not taken.")

    def test_reads_no_other_file(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("nobody reads this")
        before = f'<!DOCTYPE x [<!ENTITY file SYSTEM "{secret.as_uri()}">]>'

        read = etree.fromstring(f"{before}<x>&file;</x>", safe_parser())

        assert "nobody" not in "".join(read.itertext())

    def test_grows_nothing(self):
        read = etree.fromstring(f"{LAUGHS}<x>&a3;</x>", safe_parser())

        assert "ha" not in "".join(read.itertext())


class TestAnswer:
    def answers(self) -> list[Answer]:
        people = People()
        known = Person(
            bsn=BSN, initials="A.", prefix="van", surname="Dam & zn", died=True,
            born_on=date(1962, 3, 15),
            insurances=(
                Insurance(uzovi="9990", number="X1", from_on=date(2020, 1, 1)),
                Insurance(uzovi="9991", number="X2", from_on=date(2020, 1, 1), may_be_told=False),
                Insurance(
                    uzovi="8888", number="X3", kind="Tand", from_on=date(2020, 1, 1),
                    until_on=date(2027, 1, 1),
                ),
            ),
        )  # fmt: skip
        people.put(known)
        searches = (
            Search(number=1, born_on=date(1962, 3, 15), on=DAY, bsn=BSN, reference="<1>"),
            Search(number=2, born_on=date(1962, 3, 15), on=DAY),
        )
        return [answer_of(one, people=people, today=DAY) for one in searches]

    @pytest.mark.parametrize("version", list(Version))
    def test_is_what_the_served_schema_says(self, version):
        message = body_of(answer_out(version, self.answers(), searches_count=2), version)

        schema().assertValid(message)
        assert message.xpath("m:Antwoorden/t:Antwoord/t:Resultaat/text()", namespaces=NAMES) == [
            "Gevonden",
            "GeenGeldigZoekpad",
        ]
        assert message.xpath("string(.//t:Achternaam)", namespaces=NAMES) == "Dam & zn"
        assert message.xpath("string(.//t:ReferentieZorgaanbieder)", namespaces=NAMES) == "<1>"

    def test_keeps_to_itself_what_the_asker_is_not_authorised_for(self):
        message = body_of(answer_out(Version.V11, self.answers(), searches_count=2), Version.V11)

        _, hidden, _ = message.findall(".//t:Verzekering", NAMES)
        assert [one.text for one in hidden] == ["NietGeautoriseerdVoorZorgverzekeraar", "9991"]

    @pytest.mark.parametrize(
        ("count", "result"), [(0, "GeenZoekopdrachten"), (21, "MeerDan20Zoekopdrachten")]
    )
    def test_to_none_or_too_many_has_no_searches(self, count, result):
        message = body_of(answer_out(Version.V11, (), searches_count=count), Version.V11)

        schema().assertValid(message)
        assert [one.text for one in message] == [result, None]


class TestFault:
    @pytest.mark.parametrize(
        ("version", "is_theirs", "status", "who"),
        [
            (Version.V11, True, 500, "s:Client"),
            (Version.V11, False, 500, "s:Server"),
            (Version.V12, True, 400, "s:Sender"),
            (Version.V12, False, 500, "s:Receiver"),
        ],
    )
    def test_tells_whose_it_is_as_its_version_does(self, version, is_theirs, status, who):
        fault = Fault("NietGeautoriseerd", "No.", version=version, is_theirs=is_theirs)

        told = body_of(fault_out(fault), version)
        assert fault.status == status
        assert told.xpath("string(faultcode | g:Code/g:Value)", namespaces=NAMES) == who
        assert told.xpath("string(faultstring | g:Reason/g:Text)", namespaces=NAMES) == "No."
        (detail,) = told.xpath("detail/* | g:Detail/*", namespaces=NAMES)
        schema().assertValid(detail)


class TestDescription:
    def test_says_where_it_is_and_that_it_is_a_shape_only(self):
        found = etree.fromstring(description("https://127.0.0.1:9/cov/v1"))

        assert set(found.xpath("//@location")) == {"https://127.0.0.1:9/cov/v1"}
        assert "Shape only" in found.findtext("{http://schemas.xmlsoap.org/wsdl/}documentation")

    def test_is_whole_whatever_name_it_is_asked_by(self):
        address = 'https://a"><b&c/cov/v1'

        assert set(etree.fromstring(description(address)).xpath("//@location")) == {address}

    def test_lists_every_value_that_can_be_answered(self):
        served = description("x").decode()

        for value in (
            "VerzoekAkkoord", "GeenZoekopdrachten", "MeerDan20Zoekopdrachten", "Gevonden",
            "NietGevonden", "BsnOnbekend", "CombinatieBsnGeboortedatumOnbekend",
            "BsnVoldoetNietAanElfProef", "GeenGeldigZoekpad", "MeerdereZoekpadenOpgegeven",
            "MeerderePersonenGevonden", "GevondenPeildatumInToekomst", "Peildatum2JaarOfOuder",
            "ActieveVerzekeringen", "DubbeleActieveVerzekeringenGevonden",
            "InactieveVerzekeringen", "Actief", "Inactief", "NietGeautoriseerdVoorZorgverzekeraar",
        ):  # fmt: skip
            assert f'value="{value}"' in served
