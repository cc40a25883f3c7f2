"""Apps of others are let in: real clients, unmodified, from registering to taking back."""

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from standvast.project.installation import RECORDS_PRACTICE, free_port
from tests.clients import running
from tests.journeys.looking import given, then, when
from tests.journeys.people import speak

PASSWORD = "standvast-demo"
NOTHING, SECRET, PAIR = "Niets: ", "Een geheim ", "Een eigen sleutelpaar"


@dataclass(frozen=True)
class Registered:
    """An app as the desk shows it to its supplier."""

    address: str
    client_id: str
    secret: str = ""


@pytest.fixture
def lead(person) -> Page:
    """Lies Vermeer, in Dutch."""
    page = person("Lies Vermeer")
    speak(page, "nl")
    return page


@pytest.fixture
def register(lead):
    """Register an app at the desk and let the doctor's practice use it."""

    def act(title: str, *, proof: str, look=None, **told: str) -> Registered:
        lead.goto("/desk/apps/new/")
        fields = {"title": title, "supplier": "Voorbeeld BV", "telephone": "000-1234567", **told}
        for name, value in fields.items():
            lead.locator(f"[name={name}]").fill(value)
        lead.get_by_label(re.compile(f"^{proof}")).check()
        if look:
            look(lead, "apps-1-form")
        lead.get_by_role("button", name="Bewaren").click()
        lead.wait_for_url(re.compile(r"/desk/apps/[0-9a-f-]{36}/$"))
        address = lead.url
        lead.get_by_role("link", name="Een organisatie toevoegen").click()
        lead.locator("[name=text]").fill(RECORDS_PRACTICE)
        lead.get_by_role("button", name="Opzoeken").click()
        if look:
            look(lead, "apps-2-organisation")
        lead.get_by_role("button", name=re.compile("^Kies")).first.click()
        lead.wait_for_url(address)
        secret = ""
        if proof == SECRET:
            lead.get_by_role("button", name="Een geheim maken").click()
            secret = lead.locator("main code").inner_text()
        if look:
            look(lead, "apps-3-one")
        client_id = lead.locator("dt", has_text="client_id").locator("+ dd").inner_text()
        return Registered(address, client_id, secret)

    return act


def sign_in(page: Page) -> None:
    """Sign in with user name and password, as the sign-in page asks."""
    page.locator("[name=login]").fill("vandam")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")


def shown(page: Page, address: str) -> dict[str, object]:
    """Return what an app shows of what it got to know."""
    page.wait_for_url(lambda url: url.startswith(address))
    page.wait_for_function("document.body.innerText.includes('}')")
    found = json.loads(page.locator("body").inner_text())
    assert "failed" not in found, found
    return dict(found)


def key_pair(kind: str) -> tuple[dict[str, object], str]:
    """Return a private key as its owner keeps it, and a JWK Set with its public half."""
    import jwt
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if kind == "ES384":
        pair = ec.generate_private_key(ec.SECP384R1())
        turn = jwt.algorithms.ECAlgorithm.to_jwk
    else:
        pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        turn = jwt.algorithms.RSAAlgorithm.to_jwk
    private = {**turn(pair, as_dict=True), "kid": "one"}
    public = {**turn(pair.public_key(), as_dict=True), "kid": "one", "alg": kind, "use": "sig"}
    for each in (private, public):
        each.pop("key_ops", None)
    return private, json.dumps({"keys": [public]})


@pytest.mark.parametrize("way", ["none", "client_secret_basic", "RS384", "ES384"])
def test_somebody_signs_in_to_another_app_with_us(way, register, visitor, country, tmp_path, look):
    port = free_port()
    there = f"http://127.0.0.1:{port}"
    told: dict[str, object] = {"port": port, "issuer": country.url, "way": way}
    more, proof = {}, {"none": NOTHING, "client_secret_basic": SECRET}.get(way, PAIR)
    is_first = way == "none"
    if proof == PAIR:
        told["way"] = "private_key_jwt"
        told["key"], more["keys"] = key_pair(way)
    with given("an app that the desk registered and the doctor's practice uses"):
        app = register(
            f"Rooster {way}",
            proof=proof,
            look=look if is_first else None,
            redirects=f"{there}/callback",
            scopes="openid profile fhirUser offline_access",
            **more,
        )
        told |= {"clientId": app.client_id, "secret": app.secret}

    page = visitor()
    with running.signing_in(tmp_path, **told):
        with when("the doctor begins there, signs in here and says yes"):
            page.goto(there)
            page.wait_for_url("**/accounts/login/**")
            sign_in(page)
            page.get_by_role("heading", name=f"Rooster {way} binnenlaten?").wait_for()
            if is_first:
                look(page, "apps-4-ask")
            page.get_by_role("button", name="Binnenlaten", exact=True).click()
        with then("the app knows who it is, until it gives back what it got"):
            got = shown(page, f"{there}/callback")
            assert got["after"] == "gone"
            assert got["active"] == (None if way == "none" else True)
            assert "Van Dam" in str(got["name"])
        with when("the doctor comes a second time"):
            page.goto(there)
        with then("nothing is asked"):
            assert shown(page, f"{there}/callback")["sub"] == got["sub"]

    if is_first:
        with when("the doctor takes it back"):
            page.goto(f"{country.url}/grants/")
            page.get_by_text("Rooster none").first.wait_for()
            look(page, "apps-5-mine")
            mine = page.get_by_role("button", name="Terugnemen wat de app kreeg: Rooster none")
            mine.click()
        with then("it is gone from the list"):
            mine.wait_for(state="detached")


RETIRE = "Uit gebruik nemen"
SMART = "launch launch/patient openid fhirUser patient/Patient.rs"


FAMILY = "Proefdraaier"


def somebody_new(page: Page) -> None:
    """Register somebody in the doctor's practice; their page stands open then."""
    page.goto("/patients/new/")
    for name, value in {"family": FAMILY, "given": "Noor", "birth_on": "1962-03-15"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form .acts button").first.click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/"))


def test_a_smart_app_is_started_about_a_patient_and_on_its_own(
    register, person, country, tmp_path, look
):
    port = free_port()
    there = f"http://127.0.0.1:{port}"
    with given("a SMART app that the doctor's practice uses"):
        app = register(
            "Groeilijn",
            proof=NOTHING,
            redirects=f"{there}/index.html",
            launch_url=f"{there}/launch.html",
            scopes=SMART,
        )
    told = {"clientId": app.client_id, "iss": f"{country.url}/fhir", "reads": True}

    page = person("dokter Van Dam")
    page.wait_for_load_state()
    speak(page, "nl")
    with running.with_a_patient(
        tmp_path, port, scope="launch openid fhirUser patient/*.rs", **told
    ):
        with when("the doctor opens a patient and clicks on the app"):
            somebody_new(page)
            patient_id = re.findall(r"/patients/([0-9a-f-]{36})/", page.url)[0]
            look(page, "apps-7-patient")
            page.get_by_role("button", name="Groeilijn").click()
            page.get_by_role("heading", name="Groeilijn binnenlaten?").wait_for()
            assert patient_id not in page.url
            look(page, "apps-8-ask-about")
            page.get_by_role("button", name="Binnenlaten", exact=True).click()
        with then("the app has that patient in hand, and reads no more than it was let in for"):
            got = shown(page, f"{there}/index.html")
            assert got["patient"] == patient_id
            assert got["name"] == FAMILY
            assert got["scope"] == "launch openid fhirUser patient/Patient.rs"
            assert "Practitioner/" in str(got["user"])
            assert "Van Dam" in str(got["who"])

    scope = "launch/patient openid fhirUser patient/Patient.rs"
    with running.with_a_patient(tmp_path, port, scope=scope, **told):
        with when("the app begins by itself"):
            page.goto(f"{there}/launch.html")
            page.get_by_role("heading", name="Over welke patiënt gaat het?").wait_for()
            look(page, "apps-9-pick")
            page.locator("[name=text]").fill(FAMILY)
            page.get_by_role("button", name="Opzoeken").click()
            page.get_by_role("button", name=re.compile(f"^Kies {FAMILY}")).first.wait_for()
            look(page, "apps-10-found")
            page.get_by_role("button", name=re.compile(f"^Kies {FAMILY}")).first.click()
            page.get_by_role("button", name="Binnenlaten", exact=True).click()
        with then("it has the patient whom the doctor chose"):
            got = shown(page, f"{there}/index.html")
            assert (got["patient"], got["name"]) == (patient_id, FAMILY)


def test_a_smart_app_becomes_a_system_like_the_others(
    register, lead, person, country, tmp_path, look
):
    port = free_port()
    there = f"http://127.0.0.1:{port}"
    with given("a SMART app that the doctor's practice uses"):
        app = register(
            "Voetenscan",
            proof=NOTHING,
            redirects=f"{there}/index.html",
            launch_url=f"{there}/launch.html",
            scopes=SMART,
        )
    told = {"clientId": app.client_id, "iss": f"{country.url}/fhir", "reads": True}
    with running.with_a_patient(
        tmp_path, port, scope="launch openid fhirUser patient/Patient.rs", **told
    ):
        with when("the desk proposes it as a system that people click through to"):
            lead.goto("/desk/launches/-/add/")
            fields = {
                "name": "foot-scan",
                "title": "Voetenscan",
                "purpose": "De voet in beeld",
                "address": f"{there}/launch.html",
                "app": app.client_id,
                "task": "scan",
                "marker": "An app that begins",
                "owner": "Voorbeeld BV",
                "telephone": "000-1234567",
                "instead_nl": "Doe het met de hand.",
            }
            for name, value in fields.items():
                lead.locator(f"[name={name}]").fill(value)
            lead.locator("[name=kind]").select_option("smart")
            look(lead, "apps-11-desk-form")
            lead.get_by_role("button", name="Voorstellen en doorlopen").click()
        with then("its walk passed, and people are let through to it"):
            lead.get_by_role("button", name="In gebruik nemen").click()
            lead.get_by_role("button", name=RETIRE).wait_for()
            look(lead, "apps-12-desk-one")

        page = person("dokter Van Dam")
        page.wait_for_load_state()
        speak(page, "nl")
        with when("the doctor opens a patient and clicks on it"):
            somebody_new(page)
            patient_id = re.findall(r"/patients/([0-9a-f-]{36})/", page.url)[0]
            patient_page = page.url
            page.locator("#launches").get_by_role("button", name="Voetenscan").click()
            page.get_by_role("heading", name="Voetenscan binnenlaten?").wait_for()
            assert patient_id not in page.url
            page.get_by_role("button", name="Binnenlaten", exact=True).click()
        with then("the app has the patient, the task, and reads who opened it"):
            got = shown(page, f"{there}/index.html")
            assert (got["patient"], got["name"], got["intent"]) == (patient_id, FAMILY, "scan")
            assert "Van Dam" in str(got["who"])
        with then("the patient's list of who looked has the app's name beside the doctor's"):
            page.goto(f"{patient_page}looks/")
            page.get_by_text("Van Dam, via Voetenscan").first.wait_for()
            look(page, "apps-13-looks")
        lead.get_by_role("button", name=RETIRE).click()
