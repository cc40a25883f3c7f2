"""The policies that the rights say: one `permit` each, readable, made from what modules declare."""

import json
from collections.abc import Iterable

from standvast.registry.access.rules import Right, Role

HEAD = """\
// What each right says, made from what the modules declare. Nothing here is edited: what is laid on
// top comes after it. An exception of the desk and a broken glass stand above all of it.
"""
SCHEMA_HEAD = """\
entity Person = {
  role: String, kind: String, is_helping: Bool, grants: Set<String>, withheld: Set<String>
};
entity Organisation = { is_own: Bool };
"""
SCHEMA_ACTION = """\
action {name} appliesTo {{
  principal: Person,
  resource: Organisation,
  context: {{ layer: String, record: String, purpose: String }}
}};
"""


def policy_of(right: Right) -> str:
    """Return one right as a policy."""
    roles = json.dumps(sorted(role.value for role in right.roles & frozenset(Role)))
    who = f"{roles}.contains(principal.role)"
    if right.grant is not None:
        held = f'principal.grants.contains("{right.grant.value}")'
        who = held if right.is_granted_only else f"({who} || {held})"
    if not right.is_lent:
        who = f"{who} && !principal.is_helping"
    lines = [
        f"@id({json.dumps(right.name)})",
        f"@sentence({json.dumps(right.title)})",
        f"permit (principal, action == Action::{json.dumps(right.name)}, resource)",
        f"when {{ {who} }}",
    ]
    if right.grant is not None:
        lines.append(f'unless {{ principal.withheld.contains("{right.grant.value}") }}')
    return "\n".join(lines) + ";\n"


def declared_text(rights: Iterable[Right]) -> str:
    """Return all of them, by name, so that the same rights make the same text."""
    policies = (policy_of(right) for right in sorted(rights, key=lambda right: right.name))
    return HEAD + "\n" + "\n".join(policies)


def schema_text(rights: Iterable[Right]) -> str:
    """Return what a policy may speak of, for checking what is proposed."""
    names = sorted(json.dumps(right.name) for right in rights)
    return SCHEMA_HEAD + "".join(SCHEMA_ACTION.format(name=name) for name in names)
