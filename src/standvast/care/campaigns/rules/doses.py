"""How much one may order. Pure."""

from dataclasses import dataclass
from uuid import UUID

from standvast.care.campaigns.rules.bounds import DOSES_MAX
from standvast.care.campaigns.rules.seasons import SeasonTerms
from standvast.kit.errors import Invalid, NotAllowed
from standvast.kit.words import marked


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """One organisation in one season: where it is delivered and what it may order."""

    organisation_id: UUID
    season_id: int
    kind: str
    address_key: str
    ordered_last: int | None
    administered_last: int | None
    doses_max: int


class NotInvited(NotAllowed):
    """The organisation is not of a kind that orders in this season."""

    code = "campaigns.not_invited"


class DosesWrong(Invalid):
    """The quantity cannot be ordered, on any day."""

    code = "campaigns.doses_wrong"


def doses_ceiling(season: SeasonTerms, customer: CustomerTerms) -> int:
    """Return the most this customer may order: its kind's bound, or last year's share.

    Rounded up to a whole step, so that a small practice is never held under what it used. Without
    figures of last year only the kind's bound counts.
    """
    bound = min(customer.doses_max, DOSES_MAX)
    bound -= bound % season.step
    if season.ceiling_percent is None or not customer.ordered_last:
        return bound
    share = customer.ordered_last * season.ceiling_percent
    steps = -(-share // (100 * season.step))
    return min(bound, max(season.step, steps * season.step))


def check_doses(doses: int, *, season: SeasonTerms, customer: CustomerTerms) -> None:
    """Pass if this quantity may be ordered by this customer in this season.

    :raises DosesWrong: with what would be right.
    """
    if doses <= 0:
        raise DosesWrong(marked("Order at least {step} doses."), step=season.step)
    if doses % season.step:
        raise DosesWrong(
            marked("Order in steps of {step}: {lower} or {higher} doses."),
            step=season.step,
            lower=max(season.step, doses - doses % season.step),
            higher=doses - doses % season.step + season.step,
        )
    if doses > (ceiling := doses_ceiling(season, customer)):
        raise DosesWrong(
            marked("You can order at most {ceiling} doses this season."), ceiling=ceiling
        )
