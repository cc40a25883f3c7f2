"""The report's own sentences in its three languages, each written by hand.

A report is in its own language whoever looks at it, so these are not screen texts: they stand
side by side here, where a test demands that each exists in all three with the same fields.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from standvast.desk.reports.rules.facts import local

Phrase = Mapping[str, str]

MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
DAYS = {
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
LANGUAGES = ("nl", "fr", "en")

SECTION_TITLES: Mapping[str, Phrase] = {
    "problem": {"nl": "Probleemomschrijving", "fr": "Description du problème", "en": "Problem"},
    "impact": {"nl": "Impact", "fr": "Impact", "en": "Impact"},
    "cause": {"nl": "Oorzaak", "fr": "Cause", "en": "Cause"},
    "actions_taken": {
        "nl": "Uitgevoerde acties",
        "fr": "Actions menées",
        "en": "Actions taken",
    },
    "communication": {"nl": "Communicatie", "fr": "Communication", "en": "Communication"},
    "follow_up": {"nl": "Vervolgacties", "fr": "Suites", "en": "Follow-up"},
}
HEADER: Mapping[str, Phrase] = {
    "author": {"nl": "Auteur", "fr": "Auteur", "en": "Author"},
    "on": {"nl": "Datum", "fr": "Date", "en": "Date"},
    "grade": {"nl": "Klasse", "fr": "Classe", "en": "Class"},
    "facts": {
        "nl": "Vingerafdruk van de feiten",
        "fr": "Empreinte des faits",
        "en": "Fingerprint of the facts",
    },
    "exercise": {"nl": "OEFENING", "fr": "EXERCICE", "en": "EXERCISE"},
}
GRADES: Mapping[str, Phrase] = {
    "public": {"nl": "Openbaar", "fr": "Public", "en": "Public"},
    "internal": {"nl": "Intern", "fr": "Interne", "en": "Internal"},
    "confidential": {"nl": "Vertrouwelijk", "fr": "Confidentiel", "en": "Confidential"},
}
ROLES: Mapping[str, Phrase] = {
    "lead": {"nl": "Hoofd servicedesk", "fr": "Responsable du service", "en": "Desk lead"},
    "duty": {"nl": "Dienstdoende", "fr": "Personne de garde", "en": "Person on duty"},
    "product_owner": {
        "nl": "Producteigenaar",
        "fr": "Responsable du produit",
        "en": "Product owner",
    },
    "release_manager": {
        "nl": "Releasemanager",
        "fr": "Responsable des mises en production",
        "en": "Release manager",
    },
}
SEVERITIES: Mapping[str, Phrase] = {
    "minor": {"nl": "minor", "fr": "mineure", "en": "minor"},
    "major": {"nl": "major", "fr": "majeure", "en": "major"},
    "critical": {"nl": "critical", "fr": "critique", "en": "critical"},
}
FOUND_BY: Mapping[str, Phrase] = {
    "probe": {"nl": "een eigen meting", "fr": "une de nos mesures", "en": "a probe of ours"},
    "call": {"nl": "een melding", "fr": "un signalement", "en": "a call"},
    "chain": {
        "nl": "een ketenpartner",
        "fr": "un partenaire de la chaîne",
        "en": "a chain partner",
    },
    "log": {"nl": "de logging", "fr": "les journaux", "en": "the log"},
    "colleague": {"nl": "een collega", "fr": "un collègue", "en": "a colleague"},
}

STEPS: Mapping[str, Phrase] = {
    "restored": {"nl": "hersteld", "fr": "rétabli", "en": "restored"},
    "solved": {"nl": "opgelost", "fr": "résolu", "en": "solved"},
}

SAY: Mapping[str, Phrase] = {
    "title": {
        "nl": "Storingsrapportage {on}",
        "fr": "Rapport de panne {on}",
        "en": "Outage report {on}",
    },
    "title_several": {
        "nl": "Storingsrapportage {on}: meerdere verstoringen",
        "fr": "Rapport de panne {on} : plusieurs perturbations",
        "en": "Outage report {on}: several disruptions",
    },
    "problem_intro": {
        "nl": "Vanaf {day} werkte het volgende niet zoals het hoort.",
        "fr": "À partir du {day}, ceci n'a pas fonctionné comme il faut.",
        "en": "From {day} the following did not work as it should.",
    },
    "problem_line": {
        "nl": "{number}, {title}: begonnen {began}, hersteld {restored}, opgelost {solved}; "
        "duur tot hersteld {lasted}.",
        "fr": "{number}, {title} : début {began}, rétabli {restored}, résolu {solved} ; "
        "durée jusqu'au rétablissement {lasted}.",
        "en": "{number}, {title}: began {began}, restored {restored}, solved {solved}; "
        "time until restored {lasted}.",
    },
    "problem_restored": {
        "nl": "{number}, {title}: begonnen {began}, hersteld {restored}, nog te bevestigen; "
        "duur tot hersteld {lasted}.",
        "fr": "{number}, {title} : début {began}, rétabli {restored}, à confirmer ; "
        "durée jusqu'au rétablissement {lasted}.",
        "en": "{number}, {title}: began {began}, restored {restored}, still to be confirmed; "
        "time until restored {lasted}.",
    },
    "problem_open": {
        "nl": "{number}, {title}: begonnen {began}, nog open.",
        "fr": "{number}, {title} : début {began}, encore ouvert.",
        "en": "{number}, {title}: began {began}, still open.",
    },
    "impact_line": {
        "nl": "{title}: ernst {severity}; {calls} meldingen van {callers} verschillende melders; "
        "gevonden door {found_by}.",
        "fr": "{title} : gravité {severity} ; {calls} signalements de {callers} appelants "
        "distincts ; constaté par {found_by}.",
        "en": "{title}: severity {severity}; {calls} calls by {callers} distinct callers; "
        "found by {found_by}.",
    },
    "impact_red": {
        "nl": "{what}: rood van {began} tot {ended} ({lasted}).",
        "fr": "{what} : rouge de {began} à {ended} ({lasted}).",
        "en": "{what}: red from {began} until {ended} ({lasted}).",
    },
    "impact_red_open": {
        "nl": "{what}: rood sinds {began}.",
        "fr": "{what} : rouge depuis {began}.",
        "en": "{what}: red since {began}.",
    },
    "impact_recovery": {
        "nl": "Inhaalslag {lane}: {expected} verwacht, {sent} verzonden, {confirmed} bevestigd, "
        "{refused} geweigerd.",
        "fr": "Rattrapage {lane} : {expected} attendus, {sent} envoyés, {confirmed} confirmés, "
        "{refused} refusés.",
        "en": "Catching up {lane}: {expected} expected, {sent} sent, {confirmed} confirmed, "
        "{refused} refused.",
    },
    "impact_works": {
        "nl": "Wat bleef werken: {what}.",
        "fr": "Ce qui a continué de fonctionner : {what}.",
        "en": "What went on working: {what}.",
    },
    "impact_nothing_lost": {
        "nl": "Er is niets verloren gegaan: de tellingen kloppen en de controle {run} is geslaagd.",
        "fr": "Rien n'a été perdu : les comptes sont justes et le contrôle {run} a réussi.",
        "en": "Nothing was lost: the counts are complete and the check {run} passed.",
    },
    "cause_line": {
        "nl": "{title}. Aanleiding: {trigger} Oorzaak: {cause}",
        "fr": "{title}. Déclencheur : {trigger} Cause : {cause}",
        "en": "{title}. Trigger: {trigger} Cause: {cause}",
    },
    "cause_guard": {
        "nl": "Had het moeten zien: {guard}",
        "fr": "Aurait dû le voir : {guard}",
        "en": "Should have caught it: {guard}",
    },
    "release_started": {
        "nl": "Uitrol {version} gestart",
        "fr": "Mise en production {version} démarrée",
        "en": "Release {version} started",
    },
    "release_reverted": {
        "nl": "Uitrol {version} teruggedraaid",
        "fr": "Mise en production {version} annulée",
        "en": "Release {version} taken back",
    },
    "glass_broken": {
        "nl": "Uitrol {version} is tegen de regel in doorgelaten door twee mensen: {reason}",
        "fr": "La mise en production {version} a été admise malgré la règle par deux personnes : "
        "{reason}",
        "en": "Release {version} was let through against the rule by two people: {reason}",
    },
    "cause_unknown": {
        "nl": "{title}: de oorzaak is nog niet bekend.",
        "fr": "{title} : la cause n'est pas encore connue.",
        "en": "{title}: the cause is not known yet.",
    },
    "news": {
        "nl": "{at}: bericht in de applicatie en op de statuspagina: “{text}”",
        "fr": "{at} : avis dans l'application et sur la page d'état : « {text} »",
        "en": "{at}: notice in the application and on the status page: “{text}”",
    },
    "no_news": {
        "nl": "Er is geen bericht uitgegaan.",
        "fr": "Aucun avis n'a été publié.",
        "en": "No notice went out.",
    },
    "callers": {
        "nl": "{title}: {told} van {calls} meldingen teruggekoppeld; teruggebeld {reached} van "
        "{listed}.",
        "fr": "{title} : {told} signalements sur {calls} avec retour ; rappelés {reached} sur "
        "{listed}.",
        "en": "{title}: {told} of {calls} calls answered; called back {reached} of {listed}.",
    },
    "kept": {
        "nl": "Toezegging aan {to}, uiterlijk {due}: nagekomen {settled}. {how}",
        "fr": "Engagement envers {to}, au plus tard {due} : tenu {settled}. {how}",
        "en": "Undertaking to {to}, due {due}: kept {settled}. {how}",
    },
    "missed": {
        "nl": "Toezegging aan {to}, uiterlijk {due}: niet op tijd nagekomen.",
        "fr": "Engagement envers {to}, au plus tard {due} : non tenu à temps.",
        "en": "Undertaking to {to}, due {due}: missed.",
    },
    "due": {
        "nl": "Toezegging aan {to}, uiterlijk {due}: staat nog open.",
        "fr": "Engagement envers {to}, au plus tard {due} : encore ouvert.",
        "en": "Undertaking to {to}, due {due}: still open.",
    },
    "short_term": {"nl": "Korte termijn", "fr": "Court terme", "en": "Short term"},
    "long_term": {"nl": "Lange termijn", "fr": "Long terme", "en": "Long term"},
    "action": {
        "nl": "{text} Eigenaar: {owner}. Uiterlijk: {due}. Bewijs: {proof}.",
        "fr": "{text} Responsable : {owner}. Échéance : {due}. Preuve : {proof}.",
        "en": "{text} Owner: {owner}. Due: {due}. Proof: {proof}.",
    },
    "no_action": {
        "nl": "{number}: geen actie, want {text}",
        "fr": "{number} : pas d'action, car {text}",
        "en": "{number}: no action, because {text}",
    },
    "no_actions": {
        "nl": "Er zijn nog geen vervolgacties vastgelegd.",
        "fr": "Aucune suite n'est encore consignée.",
        "en": "No follow-up has been recorded yet.",
    },
    "letter_open": {
        "nl": "Geachte heer, mevrouw,",
        "fr": "Madame, Monsieur,",
        "en": "Dear colleague,",
    },
    "letter_close": {
        "nl": "Met vriendelijke groet,",
        "fr": "Nous vous prions d'agréer nos salutations distinguées.",
        "en": "Yours sincerely,",
    },
    "letter_title": {
        "nl": "Toelichting op de storing van {on}",
        "fr": "Explications sur la panne du {on}",
        "en": "About the outage of {on}",
    },
    "letter_sorry": {
        "nl": "U had hier last van. Daarvoor onze excuses.",
        "fr": "Vous en avez été gênés. Nous vous présentons nos excuses.",
        "en": "You were hindered by this. We apologise.",
    },
}


def say(name: str, language: str, **values: object) -> str:
    """Return a sentence in the report's language with its values."""
    return SAY[name][language].format(**values).rstrip()


def day_words(day: date, language: str) -> str:
    """Return a date as people write it: maandag 3 juni 2024."""
    weekday = DAYS[language].split()[day.weekday()]
    return f"{weekday} {day.day} {MONTHS[language].split()[day.month - 1]} {day.year}"


def day_figures(day: date) -> str:
    """Return a date in figures: 03-06-2024."""
    return f"{day:%d-%m-%Y}"


def when_words(at: datetime) -> str:
    """Return date and minute in figures, as the wall clock shows them."""
    return f"{local(at):%d-%m-%Y %H:%M}"


def clock_words(at: datetime) -> str:
    """Return the minute as the wall clock shows it."""
    return f"{local(at):%H:%M}"


_UNITS = {
    "nl": ("{h} uur", "{h} uur en {m} minuten", "{m} minuten"),
    "fr": ("{h} h", "{h} h {m} min", "{m} min"),
    "en": ("{h} hours", "{h} hours and {m} minutes", "{m} minutes"),
}


def span_words(span: timedelta, language: str) -> str:
    """Return a duration in whole minutes: 7 uur, 1 uur en 14 minuten, 9 minuten."""
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    only_hours, both, only_minutes = _UNITS[language]
    if not hours:
        return only_minutes.format(m=minutes)
    return (both if minutes else only_hours).format(h=hours, m=minutes)
