"""Who called the desk, as a log tells it, and who was told afterwards."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from standvast.desk.incidents import api as incidents
from standvast.drills.frame.desk_case import Case
from standvast.registry.organisations.testing import an_organisation

TEXT = "Het werkt niet."


@dataclass
class CallActs(Case):
    """Acts about calls and callers."""

    def act_call(
        self,
        *,
        now: datetime,
        component: str,
        by: str,
        variant: str = "",
        via: str = "service_desk",
        is_new: bool | None = None,
    ) -> None:
        """A practice calls; `is_new` says whether that must open an incident."""
        taken = incidents.record_call(
            actor=self.actor,
            via=via,
            component=component,
            variant=variant,
            text=TEXT,
            organisation_id=self._caller(by),
            now=now,
        )
        if is_new is not None:
            self.check(
                taken.is_new_incident is is_new,
                f"the call by {by} at {now:%H:%M} {'joined' if is_new else 'opened'} an incident",
            )

    def act_tell_callers(
        self, *, now: datetime, component: str, still_broken: bool = False
    ) -> None:
        """Everybody who called about it is told, and says whether it works."""
        view = incidents.incident_view(self.numbers[component], now)
        for call in view.calls:
            incidents.tell_caller(
                call_id=call.id,
                reached=True,
                still_broken=still_broken,
                actor=self.actor,
                now=now,
            )

    def _caller(self, name: str) -> uuid.UUID:
        if name not in self.callers:
            self.callers[name] = an_organisation(name=name).id
        return self.callers[name]
