"""How others see a target: frozen rows, made from the tables'."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from standvast.care.launches.models import Version
from standvast.care.launches.rules.contract import REASONS
from standvast.care.launches.rules.targets import Contract, Draft, Kind, State

OTHERWISE = "nl"


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a target. `walk_code` is empty when its walk passed."""

    id: uuid.UUID
    target_id: uuid.UUID
    slug: str
    number: int
    state: State
    draft: Draft
    public_key: str
    made_at: datetime
    live_at: datetime | None
    walked_at: datetime | None
    walk_code: str
    walk_values: Mapping[str, str | int]

    @property
    def is_proven(self) -> bool:
        """Whether its last walk passed."""
        return self.walked_at is not None and not self.walk_code

    @property
    def walk_template(self) -> str:
        """What was wrong, marked; empty if nothing was."""
        return REASONS.get(self.walk_code, "")

    @property
    def instead(self) -> str:
        """What to do meanwhile, in the language of whoever looks."""
        language = (get_language() or OTHERWISE)[:2]
        return self.draft.instead.get(language) or self.draft.instead[OTHERWISE]


def version_view(row: Version) -> VersionView:
    """Return the frozen view of a row."""
    return VersionView(
        id=row.id,
        target_id=row.target_id,
        slug=row.target.slug,
        number=row.number,
        state=State(row.state),
        draft=draft_of(row),
        public_key=row.public_key,
        made_at=row.made_at,
        live_at=row.live_at,
        walked_at=row.walked_at,
        walk_code=row.walk_code,
        walk_values=row.walk_values,
    )


def draft_of(row: Version) -> Draft:
    """Return what a row says of its target."""
    return Draft(
        title=row.title,
        kind=Kind(row.kind),
        address=row.address,
        purpose=row.purpose,
        owner=row.owner,
        telephone=row.telephone,
        instead=row.instead,
        audience=row.audience,
        token_field=row.token_field,
        task=row.task,
        claims=row.claims,
        contract=Contract(**row.contract | {"echoes": tuple(row.contract.get("echoes", ()))}),
        leads_to=tuple(row.leads_to),
        organisation_ids=tuple(str(one) for one in row.organisation_ids),
        app=row.app,
        opens=row.opens,
    )
