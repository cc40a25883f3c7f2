"""Facts of the five reports, and texts of our own that make the mistakes which theirs made."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from standvast.desk.reports.rules.facts import (
    ActionFact,
    Facts,
    IncidentFact,
    LineFact,
    RecoveryFact,
    RedFact,
    RunFact,
    StepFact,
    UndertakingFact,
)
from standvast.desk.reports.rules.report import AuthorRole, Report, Section
from standvast.desk.reports.rules.writing import write_report

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def titled(name: str) -> dict[str, str]:
    return {"nl": name, "fr": name, "en": name}


def line(when: str, text: str, kind: str = "note") -> LineFact:
    return LineFact(kind, at(when), {"nl": text})


ACTION = ActionFact(
    "De bestelling wacht niet meer op de mail.",
    "producteigenaar",
    date(2024, 7, 1),
    "drill",
    "opening-night",
)
RUN = RunFact(
    "opening-night", "passed", "failed", at("2024-06-04 12:00"), ("confirmed_p95", "lost", "mails")
)


def mail_night() -> IncidentFact:
    """Case 004-1: mail is late, found by a probe, orders are safe."""
    return IncidentFact(
        number="ST-2024-001",
        titles={"nl": "Mail", "fr": "Courrier", "en": "Mail"},
        variants=(),
        function_class="C",
        severity="major",
        severities=("major",),
        found_by="probe",
        began_at=at("2024-06-03 00:00"),
        found_at=at("2024-06-03 00:01"),
        declared_at=at("2024-06-03 00:01"),
        cause_known_at=at("2024-06-03 00:40"),
        restored_at=at("2024-06-03 01:10"),
        solved_at=at("2024-06-03 01:30"),
        trigger="De mailserver nam berichten traag aan.",
        cause="De wachtrij van de mailserver liep vol",
        guard="De meting van aanname tot aflevering zag het na 60 seconden",
        team="mail",
        lines=(
            line("2024-06-03 00:01", "Meting rood: mail."),
            line("2024-06-03 01:10", "Mailserver opnieuw ingericht.", "fix"),
        ),
        news=(line("2024-06-03 00:01", "Mail is later. Uw bestelling staat vast."),),
        undertakings=(
            UndertakingFact(
                "praktijken",
                at("2024-06-03 02:00"),
                at("2024-06-03 01:30"),
                None,
                "Bericht geplaatst.",
            ),
        ),
        recoveries=(RecoveryFact("mail", 5000, 5000, 5000, 0),),
        reds=(RedFact(titled("mail"), at("2024-06-03 00:01"), at("2024-06-03 01:10")),),
        actions=(ACTION,),
    )


def sound_004() -> Facts:
    return Facts(
        incidents=(mail_night(),),
        still_working=(titled("Bestellen"),),
        runs=(RUN,),
        people=("Sanne Vermeulen",),
    )


def written(facts: Facts, language: str = "nl", **blocks: str) -> Report:
    report = write_report(
        facts, language=language, author_role=AuthorRole.LEAD, on=date(2024, 6, 5)
    )
    return report.with_blocks({Section(name): text for name, text in blocks.items()})


def report_004() -> Report:
    """No time of day anywhere; a capacity that was never tried with a slow neighbour."""
    facts = replace(sound_004(), runs=())
    quiet = replace(facts.incidents[0], undertakings=(), recoveries=())
    return written(
        replace(facts, incidents=(quiet,)),
        problem="Het bestellen verliep in de openingsnacht moeizaam.",
        impact="De capaciteit van de server was vooraf uitvoerig getest.",
        cause="- De verbinding met de mailserver was traag.",
        actions_taken="Dezelfde nacht is alles nagelopen.",
        communication="Praktijken kregen een brief.",
        follow_up="Er zijn maatregelen genomen.",
    )


def report_000() -> Report:
    chat = replace(
        mail_night(),
        number="ST-2023-001",
        titles=titled("Consulten"),
        function_class="A",
        severity="critical",
        severities=("major", "critical"),
        found_by="call",
        began_at=at("2023-08-19 16:30"),
        found_at=at("2023-08-19 16:30"),
        declared_at=at("2023-08-19 16:30"),
        mitigated_at=at("2023-08-19 18:30"),
        cause_known_at=at("2023-08-19 23:15"),
        restored_at=at("2023-08-19 23:15"),
        solved_at=at("2023-08-19 23:30"),
        calls_count=4,
        callers_count=4,
        lines=(line("2023-08-19 23:15", "Oorzaak gevonden en verholpen.", "fix"),),
        news=(),
        undertakings=(),
        recoveries=(),
        reds=(),
    )
    return written(
        Facts((chat,)),
        problem="Op zaterdag 19 augustus 2023 lagen de gesprekken plat van 16:30 tot 23:30.",
        impact="Vier posten belden ons. Iedereen die was ingelogd merkte het.",
    )


def report_001() -> Report:
    def incident(number: str, name: str, **fields: object) -> IncidentFact:
        blank = replace(
            mail_night(),
            number=number,
            titles=titled(name),
            function_class="B",
            severity="critical",
            severities=("major", "critical"),
            found_by="call",
            began_at=at("2026-05-13 08:39"),
            found_at=at("2026-05-13 08:39"),
            declared_at=at("2026-05-13 08:39"),
            cause_known_at=None,
            restored_at=at("2026-05-13 17:00"),
            solved_at=at("2026-05-13 17:30"),
            lines=(),
            news=(),
            undertakings=(),
            recoveries=(),
            reds=(),
            actions=(ACTION,),
        )
        return replace(blank, **fields)

    launches = incident(
        "ST-2026-001",
        "Koppelingen",
        severities=("major", "critical", "minor"),
        restored_at=at("2026-05-19 22:27"),
        solved_at=at("2026-05-19 22:50"),
        reopened_at=at("2026-05-15 09:05"),
        reds=(RedFact(titled("Koppelingen, één"), at("2026-05-13 08:39"), at("2026-05-19 22:27")),),
    )
    coverage = incident("ST-2026-002", "COV-controle", actions=())
    reset = incident(
        "ST-2026-003",
        "Wachtwoordherstel",
        severities=("minor", "major"),
        restored_at=at("2026-05-15 12:30"),
        solved_at=at("2026-05-15 12:50"),
        actions=(),
    )
    strict = incident("ST-2026-004", "Declaratiepagina's", restored_at=None, solved_at=None)
    pages = incident(
        "ST-2026-005",
        "Declaratiepagina's",
        began_at=at("2026-05-18 08:09"),
        found_at=at("2026-05-18 08:09"),
        declared_at=at("2026-05-18 08:09"),
        mitigated_at=at("2026-05-18 13:17"),
        restored_at=at("2026-05-18 22:30"),
        solved_at=at("2026-05-19 09:00"),
        lines=(line("2026-05-18 22:30", "Hotfix geplaatst.", "fix"),),
    )
    facts = Facts((launches, coverage, reset, strict, pages))
    report = written(
        facts,
        problem=(
            "- ST-2026-001 Koppelingen: hersteld op 13 mei, één op 19 mei 22:27.\n"
            "- ST-2026-002 COV-controle: hersteld op 13 mei.\n"
            "- ST-2026-003 Wachtwoordherstel: hersteld op 15 mei.\n"
            "- ST-2026-004 Declaratiepagina's niet voor iedereen bereikbaar.\n"
            "- ST-2026-005 Declaratiepagina's: op 18 mei gemeld, op 19 mei hersteld."
        ),
        impact="Elke melding is als major of critical opgepakt.",
        cause=(
            "- Koppelingen: hertest.\n- COV: certificaat.\n"
            "- Herstel: leverancier.\n- Pagina's: regel."
        ),
        actions_taken=(
            "- 15:30 Alle testen zijn akkoord.\n"
            "- 17:00 Hotfix; in de avond geen bijzonderheden.\n"
            "- 13:17 Workaround gezet en afgemeld."
        ),
    )
    return replace(report, title="Storingsrapportage 13-05-2026")


def report_002() -> Report:
    slow = replace(
        mail_night(),
        number="ST-2024-002",
        titles=titled("Verwijzingen"),
        recoveries=(),
        actions=(ActionFact("De procedure voor de database is aangepast.", "", None, "", ""),),
    )
    facts = Facts((slow,))
    return written(facts, impact="Er zijn geen gegevens verloren gegaan.")


def report_003() -> Report:
    forms = replace(
        mail_night(),
        number="ST-2022-001",
        titles=titled("eForms"),
        began_at=at("2022-07-01 13:30"),
        found_at=at("2022-07-01 13:30"),
        declared_at=at("2022-07-01 13:30"),
        cause_known_at=None,
        restored_at=at("2022-07-01 17:30"),
        solved_at=at("2022-07-01 18:10"),
        lines=(),
        news=(),
        undertakings=(),
        reds=(),
        steps=(
            StepFact("registratie", at("2022-07-01 15:00")),
            StepFact("doorsturen", at("2022-07-01 16:30")),
            StepFact("bevestigd", at("2022-07-01 17:30"), "Sciensano"),
        ),
    )
    facts = Facts((forms,), still_working=(titled("Basisdiensten"),))
    return written(
        facts,
        impact="In de namiddag viel alles stil. We waren minder dan 4 uur uit de lucht.",
    )
