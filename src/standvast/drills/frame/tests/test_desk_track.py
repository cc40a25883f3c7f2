import pytest
import yaml

from standvast.drills.frame import desk_track
from standvast.drills.frame.desk_track import LogWrong, replay_log

pytestmark = pytest.mark.django_db
PACKAGE = "standvast.drills.opening_night"


@pytest.fixture
def log(monkeypatch, settings):
    """The log of opening-night, to be changed before it is replayed."""
    settings.DRILL = True
    found = yaml.safe_load(yaml.safe_dump(dict(desk_track.read_log(PACKAGE))))
    monkeypatch.setattr(desk_track, "read_log", lambda _: found)
    return found


def entry(log, act, nth=0):
    return [one for one in log["entries"] if one["act"] == act][nth]


class TestReplayLog:
    def test_the_case_is_replayed_without_anything_wrong(self, log):
        found = replay_log(PACKAGE)

        assert found["values"] == {"desk": 0, "report": 0}, found["notes"]
        assert found["notes"]["desk"].startswith("004-1: ")

    def test_an_expectation_that_is_not_so_is_told(self, log):
        entry(log, "red")["expect"]["mail.severity"] = "critical"
        entry(log, "move", -1)["expect"]["mail.lasted_min"] = 71

        found = replay_log(PACKAGE)

        assert found["values"]["desk"] == 2
        assert "mail.severity at 03-06 00:01 is 'major', not 'critical'" in found["notes"]["desk"]

    def test_an_act_that_should_be_refused_and_is_not_is_told(self, log):
        entry(log, "acknowledge")["refused_with"] = "incidents.over_already"

        assert "was not refused" in replay_log(PACKAGE)["notes"]["desk"]

    def test_an_act_that_is_refused_and_should_not_be_is_told(self, log):
        del entry(log, "move", 1)["refused_with"]

        found = replay_log(PACKAGE)

        assert found["values"]["desk"] == 1
        assert "move at 03-06 01:20 was refused" in found["notes"]["desk"]

    def test_a_report_that_does_not_hold_is_told(self, log):
        log["entries"].remove(entry(log, "action"))

        found = replay_log(PACKAGE)

        assert found["values"]["report"] > 0
        assert "report (nl)" in found["notes"]["report"]

    def test_a_log_out_of_order_is_a_mistake_of_the_log(self, log):
        log["entries"].insert(0, log["entries"].pop())

        with pytest.raises(LogWrong, match="order"):
            replay_log(PACKAGE)

    @pytest.mark.parametrize("change", [{"act": "sing"}, {"expect": {"mail.colour": "red"}}])
    def test_what_nobody_knows_is_a_mistake_of_the_log(self, log, change):
        entry(log, "red").update(change)

        with pytest.raises(LogWrong):
            replay_log(PACKAGE)
