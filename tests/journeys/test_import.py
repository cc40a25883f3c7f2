"""A practice brings its patients along from another system, with three rows that are not right."""

import csv

from standvast.registry.patients.testing import BSNS
from tests.journeys.looking import given, then, when
from tests.journeys.people import speak, tab_to

LIST = f"""Achternaam;Voornaam;Geboortedatum;BSN;Dossiernummer
Meegebracht;Anna;15-3-1962;{BSNS[1]};1001
Meegebracht;Bram;16-3-1962;123456789;1002
Meegebracht;Cato;gisteren;;1003
Meegebracht;Daan;18-3-1962;;
Meegebracht;Eva;1999-12-31;;1005
"""


def test_a_list_is_handed_in_watched_and_its_result_downloaded(person, look, tmp_path):
    page = person("dokter Van Dam")
    speak(page, "nl")
    path = tmp_path / "patienten.csv"
    path.write_bytes(LIST.encode("cp1252"))
    with given("the doctor has a list from the old system"):
        page.goto("/patients/")
        page.get_by_role("link", name="Een lijst inleveren").click()
        page.wait_for_url("**/patients/import/")
        look(page, "import-1-form")
    with when("it is handed in"):
        page.locator("[name=list]").set_input_files(path)
        tab_to(page, "main form .acts button")
        page.keyboard.press("Enter")
    with then("the page comes to the end by itself, and says which rows were refused"):
        page.get_by_text("5 van 5 regels gedaan").first.wait_for()
        page.get_by_text("In dit BSN zit een typefout").wait_for()
        page.get_by_text("Schrijf de geboortedatum als").wait_for()
        page.get_by_text("In deze regel staat geen nummer").wait_for()
        look(page, "import-2-done")
    with when("the result is downloaded"), page.expect_download() as download:
        page.get_by_role("link", name="Het resultaat van elke regel downloaden").click()
    with then("each row has one, and nobody's name or number is in it"):
        text = download.value.path().read_text()
        rows = list(csv.reader(text.splitlines(), delimiter=";"))[1:]
        assert [row[:2] for row in rows] == [
            ["2", "ingeschreven"],
            ["3", "geweigerd"],
            ["4", "geweigerd"],
            ["5", "geweigerd"],
            ["6", "ingeschreven"],
        ]
        assert "Meegebracht" not in text
        assert BSNS[1] not in text
    with then("who was registered is found"):
        page.goto("/patients/")
        page.locator("[name=text]").fill("meegebracht 31-12-1999")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Meegebracht, Eva").wait_for()
