"""What an installation tells its processes about the world outside."""

import pytest

from standvast.project.installation import Installation, Plan

pytestmark = pytest.mark.enable_socket

NAMES = ("STANDVAST_OUTSIDE", "STANDVAST_COVERAGE_URL", "STANDVAST_COVERAGE_CA_FILE")


def environment(folder, *, with_outside: bool) -> dict[str, str]:
    plan = Plan(with_outside=with_outside)
    return Installation(folder, plan=plan, database_url="postgresql://nobody/x").environment()


def test_without_a_simulated_world_none_is_asked_whatever_is_set(tmp_path, monkeypatch):
    for name in NAMES:
        monkeypatch.setenv(name, "https://elsewhere.example")

    found = environment(tmp_path, with_outside=False)

    assert [found[name] for name in NAMES] == ["", "", ""]


def test_with_one_insurers_are_asked_where_a_drill_may_stand_between(tmp_path):
    installation = Installation(tmp_path, database_url="postgresql://nobody/x")
    installation.coverage_port = 1

    found = installation.environment()

    assert found["STANDVAST_COVERAGE_URL"] == "https://127.0.0.1:1/cov/v1"
    assert installation.outside_coverage_port != 1
    assert found["STANDVAST_COVERAGE_CA_FILE"].startswith(str(installation.authority_folder))
