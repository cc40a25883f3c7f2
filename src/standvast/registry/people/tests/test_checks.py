import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings as real

from standvast.registry.people import checks
from standvast.registry.people.testing import a_person


def ids(found):
    return [one.id for one in found]


class TestAssertions:
    def test_are_on_here(self):
        assert checks.assertions_are_on(None) == []

    def test_off_is_refused(self):
        code = (
            "import os\n"
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'standvast.project.settings')\n"
            "import django; django.setup()\n"
            "from standvast.registry.people import checks\n"
            "print([one.id for one in checks.assertions_are_on(None)])\n"
        )

        done = subprocess.run(
            [sys.executable, "-O", "-c", code], capture_output=True, text=True, check=False
        )

        assert done.stdout.strip() == "['people.E001']", done.stderr[-500:]


class TestDemo:
    @pytest.mark.parametrize(
        ("demo", "hsts", "found"),
        [
            (True, True, ["people.E002"]),
            (True, False, []),
            (False, True, []),
            (False, False, []),
        ],
    )
    def test_is_not_a_production_site(self, settings, demo, hsts, found):
        settings.DEMO, settings.HSTS = demo, hsts

        assert ids(checks.a_demo_is_not_a_production_site(None)) == found

    @pytest.mark.django_db
    def test_keeps_its_people_to_itself(self, settings):
        a_person(is_persona=True)
        databases = ["default"]

        settings.DEMO = True
        assert checks.personas_stay_in_the_demo(None, databases) == []
        settings.DEMO = False
        assert ids(checks.personas_stay_in_the_demo(None, databases)) == ["people.E004"]
        assert checks.personas_stay_in_the_demo(None, None) == []

    @pytest.mark.django_db
    def test_lets_a_real_site_with_real_people_start(self, settings):
        a_person()
        settings.DEMO = False

        assert checks.personas_stay_in_the_demo(None, ["default"]) == []


class TestTwins:
    def test_a_faulty_design_is_refused_outside_drills(self, settings):
        settings.TWIN, settings.DRILL = "gates-off", False
        assert ids(checks.twins_are_for_drills(None)) == ["people.E006"]
        settings.DRILL = True
        assert checks.twins_are_for_drills(None) == []


class TestSettings:
    def test_of_sign_in_are_ours(self):
        assert checks.sign_in_is_set_as_we_wrote_it(None) == []

    def test_that_differ_are_named(self, monkeypatch):
        changed = SimpleNamespace(**{name: getattr(real, name, None) for name in dir(real)})
        changed.ACCOUNT_FORMS = {}
        monkeypatch.setattr(checks, "settings", changed)

        [found] = checks.sign_in_is_set_as_we_wrote_it(None)

        assert "ACCOUNT_FORMS" in found.msg

    def test_the_mail_and_the_link_agree(self, settings):
        assert checks.reset_links_live_as_long_as_we_say(None) == []
        settings.PASSWORD_RESET_TIMEOUT = 60
        assert ids(checks.reset_links_live_as_long_as_we_say(None)) == ["people.E003"]
