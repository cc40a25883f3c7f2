"""The simulated world: somebody sees its neighbours, and makes one of them ill and well again."""

import ssl
import urllib.request
from datetime import UTC, datetime, timedelta

from standvast.outside.api import Authority
from standvast.outside.insurers.tests.messages import controleer, envelope, search
from tests.journeys.looking import given, then, when

DAY = timedelta(days=1)


def ask(country) -> str:
    """Ask who is insured, as a process of this installation would: by its environment alone."""
    environment = country.environment()
    now = datetime.now(UTC)
    own = Authority(country.authority_folder, now=now).client(
        organisation="Standvast", agb="01012345", valid_from=now - DAY, valid_until=now + DAY
    )
    context = ssl.create_default_context(cafile=environment["STANDVAST_COVERAGE_CA_FILE"])
    own.load_into(context)
    request = urllib.request.Request(
        environment["STANDVAST_COVERAGE_URL"],
        data=envelope(controleer(search(on=now.date()))),
        headers={"Content-Type": "text/xml; charset=utf-8"},
    )
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    with opener.open(request, timeout=5) as answer:
        return answer.read().decode()


def test_somebody_sees_the_insurers_and_makes_them_slow(visitor, country, look):
    page = visitor(language="en")

    with given("the first page of the simulated world"):
        page.goto(country.outside_url)
        look(page, "neighbours-1")
    with when("the insurers were asked and their page is opened"):
        assert "ActieveVerzekeringen" in ask(country)
        page.get_by_role("link", name="Insurers").click()
        page.wait_for_url("**/insurers")
    with then("the search stands there by its reference"):
        row = page.locator("main table tbody tr", has_text="ours-1")
        assert "ActieveVerzekeringen" in row.inner_text()
        look(page, "neighbours-2-insurers")
    with when("somebody makes them slow"):
        page.get_by_role("button", name="Slow").click()
        page.get_by_text("The service is troubled now").wait_for()
    with then("both pages say so, until they are made well"):
        look(page, "neighbours-3-slow")
        page.get_by_role("link", name="All neighbours").click()
        assert page.get_by_text("Troubled now.").count() == 1
        page.get_by_role("link", name="Insurers").click()
        page.get_by_role("button", name="Well").click()
        page.get_by_text("The service is well.").wait_for()
