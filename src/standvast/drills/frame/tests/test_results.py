import json
from datetime import UTC, datetime

import pytest

from standvast.drills.frame.lines import Line
from standvast.drills.frame.results import (
    ResultUnreadable,
    all_passed,
    changes,
    compare,
    read_json,
    show_lines,
    write_json,
)

NIGHT = datetime(2024, 6, 3, tzinfo=UTC)


def result(path, *lines):
    write_json(path, name="opening-night", at=NIGHT, lines=lines)
    return path


def quick(value, *, passed=True):
    return Line("confirmed_p95", value, "s", "<= 2", passed)


class TestWriteJson:
    def test_writes_the_agreed_fields_and_no_others(self, tmp_path):
        found = json.loads(result(tmp_path / "r.json", quick(0.25)).read_text())

        assert found.keys() == {"name", "at", "machine", "lines"}
        assert found["lines"] == [
            {"name": "confirmed_p95", "value": 0.25, "unit": "s", "target": "<= 2", "passed": True}
        ]
        assert found["machine"]["cpus"] >= 1
        assert [p.name for p in tmp_path.iterdir()] == ["r.json"]


class TestShowLines:
    def test_says_what_failed_with_its_note(self):
        said = []

        show_lines(
            [quick(0.25), Line("mails", None, "mails", "= 0", False)],
            say=said.append,
            notes={"mails": "3 late"},
        )

        assert "pass" in said[0]
        assert "0.250 s" in said[0]
        assert said[1].split()[:3] == ["FAIL", "mails", "none"]
        assert "3 late" in said[2]


def test_no_lines_is_no_pass():
    assert not all_passed([])
    assert all_passed([quick(1)])
    assert not all_passed([quick(1), quick(3, passed=False)])


class TestCompare:
    def test_shows_both_sides_and_the_ratio(self, tmp_path):
        said = []

        status = compare(
            result(tmp_path / "a", quick(0.5)), result(tmp_path / "b", quick(1.0)), say=said.append
        )

        assert status == 0
        assert "x 2.00" in said[1]

    def test_a_line_that_stopped_passing_is_worse(self, tmp_path):
        old, new = result(tmp_path / "a", quick(1)), result(tmp_path / "b", quick(3, passed=False))

        assert compare(old, new, say=lambda _: None) == 1
        assert compare(new, old, say=lambda _: None) == 0

    def test_a_line_that_is_gone_is_worse_and_a_new_one_is_not(self, tmp_path):
        old, new = result(tmp_path / "a", quick(1)), result(tmp_path / "b")

        assert compare(old, new, say=lambda _: None) == 1
        assert compare(new, old, say=lambda _: None) == 0

    def test_nothing_has_no_ratio(self, tmp_path):
        old = read_json(result(tmp_path / "a", quick(0)))
        new = read_json(result(tmp_path / "b", quick(None, passed=False)))

        (found,) = changes(old, new)

        assert (found.ratio, found.new, found.is_worse) == (None, None, True)

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"lines": 3}', '{"lines": [{"name": "x"}]}'])
    def test_says_when_a_file_is_no_result(self, tmp_path, text):
        (tmp_path / "x").write_text(text)

        with pytest.raises(ResultUnreadable, match="x is no result"):
            read_json(tmp_path / "x")
        with pytest.raises(ResultUnreadable):
            read_json(tmp_path / "absent")
