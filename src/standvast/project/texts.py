"""Words that may go out at night without waking anybody: written by people, per component."""

from standvast.desk.incidents.api import ApprovedText, Severity

APPROVED_TEXTS: tuple[ApprovedText, ...] = (
    ApprovedText(
        "mail",
        Severity.MINOR,
        texts={
            "nl": "E-mail komt later aan dan u gewend bent. Wat u hier doet, is gewoon opgeslagen: "
            "een bestelling staat vast zodra de pagina dat zegt. U hoeft niets opnieuw te doen.",
            "fr": "Les e-mails arrivent plus tard que d'habitude. Ce que vous faites ici est bien "
            "enregistré : une commande est acquise dès que la page le dit. Vous n'avez rien à "
            "refaire.",
            "en": "E-mail arrives later than you are used to. What you do here is kept: an order "
            "stands as soon as the page says so. You need not do anything again.",
        },
    ),
    ApprovedText(
        "confirmation-mail",
        Severity.MINOR,
        texts={
            "nl": "De bevestigingsmail van uw bestelling komt later. Uw bestelling staat vast en "
            "is nu al af te drukken.",
            "fr": "L'e-mail de confirmation de votre commande arrivera plus tard. Votre commande "
            "est acquise et peut déjà être imprimée.",
            "en": "The mail that confirms your order comes later. Your order stands and can be "
            "printed now.",
        },
    ),
    ApprovedText(
        "account-mail",
        Severity.MINOR,
        texts={
            "nl": "E-mail voor een nieuw wachtwoord komt later aan. Wie is aangemeld, kan gewoon "
            "verder.",
            "fr": "L'e-mail pour un nouveau mot de passe arrive plus tard. Les personnes "
            "connectées peuvent continuer.",
            "en": "The mail for a new password arrives later. People who are signed in can go on.",
        },
    ),
    ApprovedText(
        "ordering",
        Severity.MINOR,
        texts={
            "nl": "Bestellen werkt nu niet goed. Wat bevestigd is, staat vast. Uw plaats in de "
            "wachtkamer blijft bewaard.",
            "fr": "La commande ne fonctionne pas bien actuellement. Ce qui est confirmé est "
            "acquis. Votre place dans la salle d'attente est conservée.",
            "en": "Ordering does not work well now. What is confirmed stands. Your place in the "
            "lobby is kept.",
        },
    ),
    ApprovedText(
        "sign-in",
        Severity.MINOR,
        texts={
            "nl": "Aanmelden werkt nu niet goed. Wie al is aangemeld, kan gewoon verder.",
            "fr": "La connexion ne fonctionne pas bien actuellement. Les personnes déjà connectées "
            "peuvent continuer.",
            "en": "Signing in does not work well now. People who are signed in can go on.",
        },
    ),
)
