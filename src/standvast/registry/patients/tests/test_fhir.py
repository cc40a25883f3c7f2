"""Patients by FHIR: what the pages show, said as resources, to those who may see the pages."""

import uuid
from datetime import UTC, date, datetime

import pytest

from standvast.core.journal.api import who_looked
from standvast.fhir.api import BEARER, Granted, check_resource
from standvast.fhir.searching import COUNT_USUAL
from standvast.kit.wiring import rewired
from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.organisations.api import Country
from standvast.registry.patients.operations.merging import merge
from standvast.registry.patients.operations.registering import PatientData, register
from standvast.registry.patients.resources import row_in
from standvast.registry.patients.rules import Name, NameUse, System
from standvast.registry.patients.systems import SYSTEMS
from standvast.registry.patients.testing import BSNS, a_patient

pytestmark = pytest.mark.django_db(transaction=True)

BSN = SYSTEMS[System.BSN]


@pytest.fixture
def gp():
    return a_colleague(Role.GP)


@pytest.fixture
def client(gp):
    return signed_in_client(gp)


def registered(who, **known):
    return a_patient(who.actor, datetime.now(UTC), **known).patient_id


def looks_at(who, patient_id):
    return [
        one.event for one in who_looked("patients.patient", str(patient_id), who.organisation.id)
    ]


def found(answer):
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    check_resource("Bundle", bundle)
    return [entry["resource"]["id"] for entry in bundle["entry"]]


def refused(answer, status):
    assert answer.status_code == status, answer.text
    assert answer["Content-Type"].startswith("application/fhir+json")
    check_resource("OperationOutcome", answer.json())
    (issue,) = answer.json()["issue"]
    return issue["details"]["coding"][0]["code"]


class TestRead:
    def test_gives_a_patient_that_fhir_knows_and_writes_the_look_down(self, client, gp):
        patient_id = registered(
            gp,
            prefix="van den",
            family="Berg",
            numbers={System.BSN: BSNS[0], System.RECORD: "A-12"},
            street="Lindelaan",
            house_number="12 b",
            postcode="3571AB",
            city="Utrecht",
            telephone="030 1234567",
            email="anna@x.example",
            representative="Piet Berg",
            representative_telephone="06 1",
        )

        answer = client.get(f"/fhir/Patient/{patient_id}")

        assert answer.status_code == 200
        assert answer["ETag"] == 'W/"1"'
        assert answer["Cache-Control"] == "no-store"
        patient = answer.json()
        check_resource("Patient", patient)
        assert {"system": BSN, "value": BSNS[0]} in patient["identifier"]
        assert patient["name"][0]["family"] == "van den Berg"
        assert patient["birthDate"] == "1962-03-15"
        assert looks_at(gp, patient_id)[0] == "patients.seen"

    def test_another_organisations_patient_is_not_there(self, client):
        patient_id = registered(a_colleague(Role.GP))

        assert refused(client.get(f"/fhir/Patient/{patient_id}"), 404) == "patients.not_found"

    def test_a_stranger_is_asked_for_a_token_and_not_sent_to_a_page(self, client, gp):
        patient_id = registered(gp)
        client.cookies.clear()

        answer = client.get(f"/fhir/Patient/{patient_id}")

        assert refused(answer, 401) == "fhir.not_signed_in"
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_who_may_not_see_patients_is_told_whom_to_ask(self):
        office = a_colleague(Role.OPERATOR)

        answer = signed_in_client(office).get(f"/fhir/Patient/{uuid.uuid4()}")

        assert refused(answer, 403) == "access.right_missing"

    def test_a_merged_patient_says_with_whom(self, client, gp):
        double, standing = registered(gp), registered(gp, family="Anders")
        merge(actor=gp.actor, patient_id=double, into_id=standing, now=datetime.now(UTC))

        patient = client.get(f"/fhir/Patient/{double}").json()

        check_resource("Patient", patient)
        assert patient["active"] is False
        assert patient["link"] == [
            {"other": {"reference": f"Patient/{standing}"}, "type": "replaced-by"}
        ]


class TestSearch:
    def test_finds_by_name_and_birth_date(self, client, gp):
        anna = registered(gp, family="Zwart")
        registered(gp, family="Zwart", birth_on=date(1970, 1, 1))
        registered(gp, family="Wit")

        assert found(client.get("/fhir/Patient?name=zwa&birthdate=1962-03-15")) == [str(anna)]

    def test_finds_by_number_over_post_and_each_shown_is_written_down(self, client, gp):
        anna = registered(gp, numbers={System.BSN: BSNS[0]})
        registered(gp, numbers={System.BSN: BSNS[1]})

        answer = client.post("/fhir/Patient/_search", {"identifier": f"{BSN}|{BSNS[0]}"})

        assert found(answer) == [str(anna)]
        assert looks_at(gp, anna)[0] == "patients.seen"

    def test_a_number_of_another_register_is_not_the_same_number(self, client, gp):
        registered(gp, numbers={System.RECORD: BSNS[0]})

        answer = client.post("/fhir/Patient/_search", {"identifier": f"{BSN}|{BSNS[0]}"})

        assert found(answer) == []

    @pytest.mark.parametrize("address", ["/fhir/Patient", "/fhir/Patient/_search"])
    def test_a_number_in_an_address_is_refused_and_not_repeated(self, client, address, caplog):
        send = client.post if address.endswith("_search") else client.get

        answer = send(f"{address}?identifier={BSNS[0]}")

        assert refused(answer, 400) == "fhir.only_by_post"
        assert BSNS[0] not in answer.text + caplog.text

    def test_a_parameter_that_is_not_known_is_refused_rather_than_passed_over(self, client, gp):
        registered(gp)

        answer = client.get("/fhir/Patient?name=voor&deceased=false")

        assert refused(answer, 400) == "fhir.request_not_right"

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ("", 422, "patients.search_too_short"),
            ("?name=a", 422, "patients.search_too_short"),
            ("?birthdate=ge1962-03-15", 400, "fhir.request_not_right"),
            ("?birthdate=1962", 400, "fhir.request_not_right"),
            ("?birthdate=1962-03-15&birthdate=1962-03-16", 400, "fhir.request_not_right"),
            ("?name=voor&_count=many", 400, "fhir.request_not_right"),
            ("?_id=7", 400, "fhir.request_not_right"),
            ("?name=voor&_format=xml", 406, "fhir.format_unknown"),
            ("?_page=x", 400, "fhir.request_not_right"),
        ],
    )
    def test_says_what_it_does_not_take(self, client, query, status, code):
        assert refused(client.get(f"/fhir/Patient{query}"), status) == code

    def test_turns_page_after_page_by_addresses_that_name_nobody(self, client, gp):
        for number in range(5):
            registered(gp, family="Bladerkoning", given=f"Kind {number}")
        seen, address = [], "/fhir/Patient?name=bladerkoning&_count=2"

        while address:
            answer = client.get(address)
            seen += found(answer)
            links = {one["relation"]: one["url"] for one in answer.json()["link"]}
            assert not any("bladerkoning" in url.lower() for url in links.values())
            address = links.get("next")

        assert len(seen) == len(set(seen)) == 5

    def test_a_page_handed_to_another_organisation_opens_nothing(self, client, gp):
        for number in range(3):
            registered(gp, family="Blad", given=f"Kind {number}")
        links = client.get("/fhir/Patient?name=blad&_count=2").json()["link"]
        (onwards,) = [one["url"] for one in links if one["relation"] == "next"]

        answer = signed_in_client(a_colleague(Role.GP)).get(onwards)

        assert refused(answer, 400) == "fhir.request_not_right"

    def test_a_hostile_organisation_finds_nobody_of_ours(self, gp):
        patient_id = registered(gp, numbers={System.BSN: BSNS[0]})
        hostile = signed_in_client(a_colleague(Role.GP))

        assert found(hostile.get("/fhir/Patient?name=voorbeeld")) == []
        assert found(hostile.get(f"/fhir/Patient?_id={patient_id}")) == []
        assert found(hostile.post("/fhir/Patient/_search", {"identifier": BSNS[0]})) == []
        assert looks_at(gp, patient_id) == ["patients.registered"]

    @pytest.mark.parametrize(
        "form", [{"name": "x" * 3_000_000}, {f"name{number}": "x" for number in range(1_001)}]
    )
    def test_more_than_is_read_is_refused_as_fhir_refuses(self, client, form):
        answer = client.post("/fhir/Patient/_search", form)

        assert refused(answer, 413) == "fhir.resource_not_right"

    def test_a_session_searches_by_post_from_our_own_pages_only(self, gp):
        client = signed_in_client(gp, enforce_csrf_checks=True)

        answer = client.post("/fhir/Patient/_search", {"name": "voorbeeld"})

        assert refused(answer, 403) == "fhir.not_from_our_pages"


class TestAToken:
    """A token stands in for the provider that gives them out."""

    @pytest.fixture
    def given(self, gp):
        def rewire(*scopes, patient_id=None, token="right"):
            def granted(_request, shown):
                known = Granted(gp.actor, frozenset(scopes), patient_id)
                return known if shown == token else None

            return rewired(BEARER.filled(granted))

        return rewire

    @staticmethod
    def ask(client, address, token="right", **form):
        headers = {"Authorization": f"Bearer {token}"}
        send = client.post if form else client.get
        return send(address, form, headers=headers) if form else send(address, headers=headers)

    def test_opens_what_its_scopes_name(self, gp, given):
        patient_id = registered(gp)
        stranger = signed_in_client(a_colleague(Role.GP), enforce_csrf_checks=True)

        with given("user/Patient.rs"):
            assert self.ask(stranger, f"/fhir/Patient/{patient_id}").status_code == 200
            answer = self.ask(stranger, "/fhir/Patient/_search", name="voorbeeld")

        assert found(answer) == [str(patient_id)]

    def test_opens_nothing_else(self, client, gp, given):
        patient_id = registered(gp)

        with given("user/Coverage.rs", "user/Patient.s"):
            answer = self.ask(client, f"/fhir/Patient/{patient_id}")

        assert refused(answer, 403) == "fhir.scope_missing"

    def test_gives_no_more_than_the_rights_of_who_it_is_for(self, gp, given):
        operator = a_colleague(Role.OPERATOR)

        with rewired(BEARER.filled(lambda *_: Granted(operator.actor, frozenset({"user/*.rs"})))):
            answer = self.ask(signed_in_client(gp), f"/fhir/Patient/{uuid.uuid4()}")

        assert refused(answer, 403) == "access.right_missing"

    def test_for_one_patient_shows_nobody_else(self, client, gp, given):
        anna, other = registered(gp), registered(gp, given="Piet")

        with given("patient/Patient.rs", patient_id=anna):
            assert self.ask(client, f"/fhir/Patient/{anna}").status_code == 200
            not_there = self.ask(client, f"/fhir/Patient/{other}")
            assert found(self.ask(client, "/fhir/Patient?name=voorbeeld")) == [str(anna)]

        assert refused(not_there, 404) == "fhir.out_of_context"
        assert looks_at(gp, other) == ["patients.registered"]

    def test_for_one_patient_finds_them_among_many_namesakes(self, client, gp, given):
        for number in range(COUNT_USUAL + 1):
            registered(gp, given=f"Aa {number:02}")
        last = registered(gp, given="Zoë")

        with given("patient/Patient.rs", patient_id=last):
            assert found(self.ask(client, "/fhir/Patient?name=voorbeeld")) == [str(last)]

    def test_that_is_not_known_gives_nothing_though_a_session_would(self, client, gp, given):
        patient_id = registered(gp)

        with given("user/Patient.rs"):
            answer = self.ask(client, f"/fhir/Patient/{patient_id}", token="wrong")

        assert refused(answer, 401) == "fhir.not_signed_in"


class TestTheStatement:
    def test_is_there_for_everybody_and_says_what_is_wired(self, client):
        client.cookies.clear()

        answer = client.get("/fhir/metadata")

        statement = answer.json()
        check_resource("CapabilityStatement", statement)
        (patient,) = [one for one in statement["rest"][0]["resource"] if one["type"] == "Patient"]
        assert {"code": "search-type"} in patient["interaction"]
        assert {one["name"] for one in patient["searchParam"]} == {
            "_id", "identifier", "name", "birthdate",
        }  # fmt: skip

    def test_what_is_not_there_says_so_as_fhir_does(self, client):
        assert refused(client.get("/fhir/Observation/1"), 404) == "fhir.nothing_here"

    def test_another_method_is_refused(self, client, gp):
        answer = client.delete(f"/fhir/Patient/{registered(gp)}")

        assert refused(answer, 405) == "fhir.not_supported"
        assert answer["Allow"] == "GET"


@pytest.mark.parametrize("use", list(NameUse))
def test_a_name_comes_back_as_it_went(client, gp, use):
    name = Name("Berg", "Anna", "A.B.", "van den", "Vries", "de", use)
    data = PatientData(name, date(1962, 3, 15), street="Laan van 1940", house_number="3",
                       country=Country.BE, postcode="2000", city="Antwerpen")  # fmt: skip
    patient_id = register(actor=gp.actor, data=data, now=datetime.now(UTC)).patient_id

    row = row_in(client.get(f"/fhir/Patient/{patient_id}").json(), Country.NL)

    parts = ("family", "given", "initials", "prefix", "partner_family", "partner_prefix")
    assert Name(*(row[part] for part in parts), NameUse(row["use"])) == name
    assert (row["street"], row["house_number"], row["country"]) == ("Laan van 1940", "3", "BE")
