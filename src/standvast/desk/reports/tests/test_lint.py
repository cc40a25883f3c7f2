"""The lint against the five reports' own mistakes, and against sound reports."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standvast.desk.reports.rules.facts import ActionFact, UndertakingFact, fingerprint
from standvast.desk.reports.rules.lint import lint
from standvast.desk.reports.rules.markdown import markdown_of
from standvast.desk.reports.rules.numbers import known_tokens, spans_in, tokens_in
from standvast.desk.reports.rules.phrases import (
    LANGUAGES,
    SAY,
    SECTION_TITLES,
    day_words,
    span_words,
)
from standvast.desk.reports.rules.report import Form, Section
from standvast.desk.reports.tests import golden
from standvast.desk.reports.tests.golden import at, line, mail_night, sound_004, written


def codes(report):
    return {fault.code for fault in lint(report)}


def with_incident(**fields):
    facts = sound_004()
    return replace(facts, incidents=(replace(facts.incidents[0], **fields),))


class TestSound:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_report_from_whole_records_has_no_fault(self, language):
        assert [str(fault) for fault in lint(written(sound_004(), language))] == []

    def test_rewording_is_free_as_long_as_the_figures_stay(self):
        report = written(
            sound_004(),
            problem="Mail (ST-2024-001) was laat. Begonnen 00:00, hersteld om 01:10 en opgelost "
            "om 01:30, op 3 juni 2024; dat is 1 uur en 10 minuten.",
        )
        assert [str(fault) for fault in lint(report)] == []


class TestGoldenCases:
    def test_004_has_no_times_and_a_capacity_never_tried_with_a_slow_neighbour(self):
        found = codes(golden.report_004())
        assert {"no_times", "tested_without_slow_neighbour", "end_not_named"} <= found

    def test_004_may_say_tested_at_length_once_the_drill_passed_and_its_twin_failed(self):
        said = "De capaciteit is vooraf uitvoerig getest."
        assert codes(written(sound_004(), impact=said)) == set()
        run = replace(golden.RUN, twin_verdict="passed")
        facts = replace(sound_004(), runs=(run,))
        assert "tested_without_slow_neighbour" in codes(written(facts, impact=said))

    def test_000_counts_four_beside_everyone_and_mixes_restored_with_solved(self):
        faults = {fault.code: str(fault) for fault in lint(golden.report_000())}
        assert "everyone_beside_a_count" in faults
        assert "Restored 19-08-2023 23:15, solved 19-08-2023 23:30" in faults["end_not_named"]

    def test_001_is_found_in_all_its_places(self):
        report = golden.report_001()
        found = codes(report)
        assert found >= {
            "title_too_short",
            "lines_and_causes_differ",
            "look_like_one",
            "end_missing",
            "end_is_no_stamp",
            "every_one_major",
            "tests_agreed_yet_red",
            "quiet_is_not_fixed",
            "signed_off_on_workaround",
            "cause_without_action",
        }
        by_code = [(fault.code, fault.values.get("number")) for fault in lint(report)]
        assert ("end_missing", "ST-2026-004") in by_code
        assert ("end_is_no_stamp", "ST-2026-005") in by_code
        assert ("cause_without_action", "ST-2026-002") in by_code
        assert ("cause_without_action", "ST-2026-003") in by_code
        assert ("signed_off_on_workaround", "ST-2026-005") in by_code

    def test_002_says_nothing_lost_without_a_list_and_leaves_the_procedure_to_nobody(self):
        assert codes(golden.report_002()) >= {
            "nothing_lost_without_proof",
            "action_without_owner",
            "action_without_due",
            "action_without_proof",
        }

    def test_003_was_less_than_four_hours_only_for_some_and_not_everything_stopped(self):
        faults = lint(golden.report_003())
        untrue = [fault for fault in faults if fault.code == "duration_untrue"]
        assert [fault.values["step"] for fault in untrue] == ["bevestigd"]
        assert untrue[0].values["lasted"] == "4 uur"
        assert "everything_stopped" in {fault.code for fault in faults}


class TestRules:
    @pytest.mark.parametrize(
        ("blocks", "code"),
        [
            ({"impact": "Er waren 17 meldingen om 00:01."}, "number_without_query"),
            ({"impact": "Het duurde 3 uur."}, "duration_unknown"),
            ({"impact": "Zeven praktijken belden."}, "number_without_query"),
            ({"impact": "  "}, "section_empty"),
            ({"communication": "Sanne Vermeulen belde om 02:00."}, "names_a_person"),
            ({"communication": "Mevr. Jansen belde om 02:00."}, "names_a_person"),
            ({"communication": "Er is een bericht geplaatst."}, "undertaking_not_told"),
            ({"problem": "- ST-2024-001 opgelost om 01:10."}, "end_is_no_stamp"),
            ({"problem": "- ST-2024-001 hersteld op 4 juni om 01:10."}, "end_is_no_stamp"),
            ({"impact": "Niets is verloren."}, None),
        ],
    )
    def test_text_that_the_records_do_not_carry(self, blocks, code):
        found = codes(written(sound_004(), **blocks))
        assert found == set() if code is None else code in found

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"actions": ()}, "cause_without_action"),
            ({"cause": ""}, "cause_missing"),
            ({"restored_at": None, "solved_at": None}, None),
            (
                {"lines": (line("2024-06-03 02:00", "Nog een fix.", "fix"),)},
                "fix_after_solved",
            ),
            (
                {
                    "lines": (line("2024-06-03 02:00", "Nog een fix.", "fix"),),
                    "reopened_at": at("2024-06-03 01:45"),
                },
                None,
            ),
            (
                {"lines": (line("2024-06-03 01:20", "Toch nog een fix.", "fix"),)},
                "restored_before_last_fix",
            ),
            (
                {"undertakings": (UndertakingFact("wie", at("2024-06-03 02:00"), None, None),)},
                "undertaking_without_outcome",
            ),
        ],
    )
    def test_records_that_do_not_fit(self, fields, code):
        found = codes(written(with_incident(**fields)))
        assert found == set() if code is None else code in found

    def test_no_action_with_its_reason_is_enough(self):
        none = ActionFact("het hoort bij een andere dienst.", "", None, "", "", no_action=True)
        assert codes(written(with_incident(actions=(none,)))) == set()

    def test_nothing_lost_needs_complete_counts(self):
        lane = replace(mail_night().recoveries[0], confirmed=4999)
        report = written(with_incident(recoveries=(lane,)), impact="Er is niets verloren gegaan.")
        assert "nothing_lost_without_proof" in codes(report)

    @given(minutes=st.integers(61, 6000))
    def test_a_stated_duration_must_be_that_of_the_stamps(self, minutes):
        facts = sound_004()
        stated = span_words(timedelta(minutes=minutes), "nl")
        real = {69, 70, 80, 89, 90, 119, 120}
        found = codes(written(facts, impact=f"Het duurde {stated}."))
        assert ("duration_unknown" in found) == (minutes not in real)


class TestWriting:
    def test_every_sentence_has_the_same_fields_in_three_languages(self):
        import string

        for name, phrase in {**SAY, **SECTION_TITLES}.items():
            assert set(phrase) == set(LANGUAGES), name
            fields = {
                tuple(sorted({f for _, f, _, _ in string.Formatter().parse(text) if f}))
                for text in phrase.values()
            }
            assert len(fields) == 1, name

    def test_has_six_sections_a_role_and_the_fingerprint(self):
        report = written(sound_004())
        text = markdown_of(report)
        assert text.count("\n## ") == 6
        assert "**Auteur**: Hoofd servicedesk" in text
        assert "**Klasse**: Vertrouwelijk" in text
        assert fingerprint(report.facts) in text
        assert "Vermeulen" not in text

    def test_several_incidents_say_so_in_the_title(self):
        other = replace(mail_night(), number="ST-2024-002", titles=golden.titled("Bestellen"))
        report = written(replace(sound_004(), incidents=(mail_night(), other)))
        assert report.title == "Storingsrapportage 03-06-2024: meerdere verstoringen"

    def test_a_letter_leaves_out_who_did_what_at_which_minute(self):
        letter = replace(written(sound_004()), form=Form.LETTER)
        text = markdown_of(letter)
        assert "excuses" in text
        assert "Uitgevoerde acties" not in text

    def test_the_fingerprint_changes_with_any_fact_but_not_with_a_name(self):
        facts = sound_004()
        assert fingerprint(replace(facts, people=())) == fingerprint(facts)
        assert fingerprint(with_incident(calls_count=1)) != fingerprint(facts)

    def test_words_of_people_cannot_become_markup(self):
        facts = with_incident(cause="[kwaad](javascript:x) <script> *vet* # kop")
        text = written(facts).blocks[Section.CAUSE]
        assert "\\[kwaad\\](javascript:x) \\<script\\> \\*vet\\* \\# kop" in text

    def test_days_and_spans(self):
        assert day_words(date(2024, 6, 3), "nl") == "maandag 3 juni 2024"
        assert day_words(date(2024, 6, 3), "fr") == "lundi 3 juin 2024"
        assert span_words(timedelta(hours=7), "nl") == "7 uur"
        assert list(spans_in("7 uur en 5 minuten, 1 h 10 min, 9 minutes")) == [
            ("7 uur en 5 minuten", 425),
            ("1 h 10 min", 70),
            ("9 minutes", 9),
        ]

    def test_numbers_are_read_as_people_write_them(self):
        assert list(tokens_in("ST-2024-001: vier, 5.000 en 8:09", "nl")) == ["5000", "08:09", "4"]
        assert "4" in known_tokens(golden.report_000().facts, ["4"], "nl")
