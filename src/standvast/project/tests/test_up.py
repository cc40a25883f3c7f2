"""What `up` prints is so."""

from standvast.project.commands.up import LOGINS, PASSWORD
from standvast.registry.access.seeds import PERSONA_PASSWORD, PERSONAS


def test_the_printed_logins_are_the_seeded_ones() -> None:
    assert [name for name, _ in LOGINS] == [persona.username for persona in PERSONAS]
    assert PASSWORD == PERSONA_PASSWORD
