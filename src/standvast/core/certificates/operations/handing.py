"""A certificate comes in, or is withdrawn."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from standvast.core.certificates.declared import purpose_named
from standvast.core.certificates.judging import wanted_by
from standvast.core.certificates.keeping import sealed
from standvast.core.certificates.models import Certificate
from standvast.core.certificates.rows import locked, move, tell
from standvast.core.certificates.rules.preflight import preflight, valid_from, valid_until
from standvast.core.certificates.rules.reading import full_name, read_chain, read_key
from standvast.core.certificates.rules.slots import MoveNotAllowed, Slot
from standvast.core.certificates.rules.told import as_stored
from standvast.kit.actor import Actor
from standvast.kit.errors import Invalid
from standvast.kit.words import marked

NAME_MAX = 300


class IsThereAlready(Invalid):
    """This very certificate stands in a slot of the purpose."""

    code = "certificates.is_there_already"


@transaction.atomic(durable=True)
def hand_in(
    *,
    actor: Actor,
    purpose: str,
    chain_pem: str,
    key_pem: str,
    passphrase: str = "",
    now: datetime,
) -> uuid.UUID:
    """Put a certificate into the slot `next`, and look at all that needs nobody else.

    What stood there is retired. Whatever the checks say it is kept, so that they can be read.

    :raises PurposeUnknown: if nothing here uses such a certificate.
    :raises NotReadable: if it is no certificate, or no key that the passphrase opens.
    :raises IsThereAlready: if it stands in a slot already.
    """
    wanted = wanted_by(purpose_named(purpose))
    chain, key = read_chain(chain_pem), read_key(key_pem, passphrase)
    standing = locked(purpose)
    if any(row.fingerprint == chain.fingerprint for row in standing.values()):
        raise IsThereAlready(marked("This very certificate is there already."))
    if Slot.NEXT in standing:
        move(standing[Slot.NEXT], Slot.RETIRED, now)
    sealed_key, key_id = sealed(key, purpose=purpose, fingerprint=chain.fingerprint)
    row = Certificate(
        purpose=purpose,
        slot=Slot.NEXT.value,
        chain=chain.pem,
        sealed_key=sealed_key,
        key_id=key_id,
        fingerprint=chain.fingerprint,
        issuer=full_name(chain.own.issuer)[:NAME_MAX],
        subject=full_name(chain.own.subject)[:NAME_MAX],
        valid_from=valid_from(chain),
        valid_until=valid_until(chain),
        handed_in_by=actor.person_id,
        handed_in_at=now,
        moved_at=now,
        checks=as_stored(preflight(chain, key, wanted, now)),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise MoveNotAllowed(marked("A colleague handed one in just now. Look at that.")) from None
    tell(actor, row, "C", "handed_in", now)
    return row.id


@transaction.atomic(durable=True)
def withdraw(*, actor: Actor, purpose: str, certificate_id: uuid.UUID, now: datetime) -> None:
    """Take a certificate out of its slot and forget its key. For one that got into wrong hands.

    :raises MoveNotAllowed: if it does not stand in a slot of this purpose.
    """
    row = next((one for one in locked(purpose).values() if one.id == certificate_id), None)
    if row is None:
        raise MoveNotAllowed(marked("This certificate is not where the page showed it."))
    move(row, Slot.RETIRED, now)
    tell(actor, row, "U", "withdrawn", now)
