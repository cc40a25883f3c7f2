"""The desk of report 001: sixteen cases and the table of releases, by the desk's own operations."""

import pytest
import yaml

from standvast.drills.frame import desk_track
from standvast.drills.release.desk import replay

pytestmark = pytest.mark.django_db
PACKAGE = "standvast.drills.release"


@pytest.fixture(autouse=True)
def _drill(settings):
    settings.DRILL = True


def test_the_six_days_are_replayed_without_anything_wrong():
    found = replay()

    assert found["values"] == {"desk": 0, "report": 0}, found["notes"]
    assert found["notes"]["desk"].startswith("001-1 to 001-16: ")


def test_solving_on_a_quiet_log_would_be_told(monkeypatch):
    log = yaml.safe_load(yaml.safe_dump(dict(desk_track.read_log(PACKAGE))))
    refused = [
        one for one in log["entries"] if one.get("refused_with") == "incidents.not_yet_solved"
    ]
    for one in refused:
        del one["refused_with"]
    monkeypatch.setattr(desk_track, "read_log", lambda _: log)

    found = replay()

    assert found["values"]["desk"] == len(refused) > 3
