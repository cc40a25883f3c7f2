import pytest

from standvast.registry.access.rules import Right, Role
from standvast.registry.access.ruling.reading import faults_in, statements_of
from standvast.registry.access.ruling.rules import TEXT_MAX

RIGHTS = (Right("claims.see", frozenset({Role.GP}), "see claims"),)
GOOD = """\
// Posts see no claims; "a ; in a string" ends nothing.
@id("claims.not-posts")
@sentence("Posts see no claims; nor do they send any")
forbid (principal, action == Action::"claims.see", resource)
when { principal.kind == "post" };

@id("claims.assistants")
@sentence("Assistants see claims")
permit (principal, action == Action::"claims.see", resource)
when { principal.role == "assistant" };
"""


def first_fault(text: str) -> tuple[int, str]:
    [fault, *_] = faults_in(text, RIGHTS)
    return fault.line, fault.said


class TestATextThatIsRight:
    def test_has_no_faults(self):
        assert faults_in(GOOD, RIGHTS) == []

    def test_is_read_statement_by_statement(self):
        first, second = statements_of(GOOD)

        assert (first.line, first.name, first.effect) == (2, "claims.not-posts", "forbid")
        assert first.sentence == "Posts see no claims; nor do they send any"
        assert (second.line, second.name, second.effect) == (7, "claims.assistants", "permit")


class TestATextThatIsNot:
    def test_says_the_line_of_a_token_too_many(self):
        line, said = first_fault(GOOD.replace('principal.role == "assistant"', "principal.role =="))

        assert line == 10
        assert "unexpected token" in said

    def test_says_the_line_of_what_ends_too_soon(self):
        line, said = first_fault(GOOD + '\n@id("x")\npermit (principal, action\n')

        assert line in (12, 13)
        assert "unexpected end" in said

    @pytest.mark.parametrize(
        ("was", "becomes", "line"),
        [
            ('Action::"claims.see"', 'Action::"claims.sea"', 2),
            ("principal.kind", "principal.kin", 2),
            ('== "post"', "> 3", 2),
            ('@id("claims.not-posts")\n', "", 2),
            ('"Posts see no claims; nor do they send any"', '""', 2),
            ('"claims.not-posts"', '"claims.see"', 2),
            ('"claims.assistants"', '"claims.not-posts"', 7),
            ("principal, action ==", "principal == ?principal, action ==", 2),
        ],
    )
    def test_says_where_it_speaks_of_what_there_is_not(self, was, becomes, line):
        assert first_fault(GOOD.replace(was, becomes, 1))[0] == line

    @pytest.mark.parametrize("text", ["", "  \n", "// only words\n"])
    def test_is_empty(self, text):
        assert first_fault(text) == (1, "no policy")

    @pytest.mark.parametrize("text", ["@", '"', "permit", ";", ";;", "\x00", "é(", '@id("a', "//"])
    def test_is_nonsense_and_said_so_whatever_it_is(self, text):
        assert faults_in(text, RIGHTS)

    def test_is_too_long(self):
        assert "longer than" in first_fault("x" * (TEXT_MAX + 1))[1]

    def test_has_too_many_policies(self):
        many = "".join(GOOD.replace("claims.", f"c{n}.").split("\n\n")[1] for n in range(101))

        assert "more than 100" in first_fault(many)[1]
