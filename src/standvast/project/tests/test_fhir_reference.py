"""The examples of docs/reference/fhir.md, executed as they stand there."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from standvast.registry.access.rules import Role
from standvast.registry.access.testing import a_colleague, signed_in_client
from standvast.registry.patients.api import System
from standvast.registry.patients.testing import BSNS, a_patient

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "fhir.md"
EXAMPLE = re.compile(r"```http\n(.*?)\n```\s+```json (\d+)\n(.*?)\n```", re.DOTALL)


def holds(wanted, found) -> bool:
    """Whether what was found has at least what is wanted, in the same places."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and holds(value, found[key]) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and all(
            any(holds(one, other) for other in found) for one in wanted
        )
    return wanted == found


def asked(client, text):
    head, _, body = text.partition("\n\n")
    first, *headers = head.splitlines()
    method, address = first.split(" ", 1)
    media = dict(line.split(": ", 1) for line in headers).get("Content-Type", "")
    return client.generic(method, address, body, content_type=media)


@pytest.mark.django_db(transaction=True)
def test_each_example_is_answered_as_it_says(settings) -> None:
    settings.COVERAGE_URL = "https://127.0.0.1:1/cov/v1"
    gp = a_colleague(Role.GP)
    known = {"family": "Berg", "prefix": "van den", "numbers": {System.BSN: BSNS[0]}}
    patient_id = a_patient(gp.actor, datetime.now(UTC), **known).patient_id
    client = signed_in_client(gp)
    text = PAGE.read_text(encoding="utf-8")
    text = text.replace("{patient}", str(patient_id)).replace("{bsn}", BSNS[0])
    text = text.replace("{practitioner}", str(gp.person.id))
    examples = EXAMPLE.findall(text)

    assert len(examples) == text.count("```http") >= 7
    for request, status, wanted in examples:
        answer = asked(client, request)
        assert answer.status_code == int(status), f"{request}\n{answer.text}"
        assert holds(json.loads(wanted), answer.json()), f"{request}\n{answer.text}"
