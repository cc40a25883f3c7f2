"""The record system: who is in it, and a signed token for each click."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from standvast.outside.records.behaviour import Behaviour, Signs
from standvast.outside.records.key import signing_key
from standvast.outside.records.patients import Patient, Patients

ISSUER = "https://record.example"
LIFE = timedelta(seconds=60)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Where:
    """Where a click leads: whose launches are taken there, and as whom we come."""

    address: str
    """What the token is for, and what `/launch/` is added to."""
    agb: str
    user: str = "dokter-1"


class RecordSystem:
    """One practice's record system."""

    def __init__(self, where: Where, *, folder: Path, draw: random.Random) -> None:
        self.where = where
        self.behaviour = Behaviour()
        self.patients = Patients(draw)
        self.clicks_count = 0
        self._key = signing_key(folder)

    async def behave(self, behaviour: Behaviour) -> None:
        """Sign so from now on."""
        self.behaviour = behaviour

    def token(self, patient: Patient, *, now: datetime) -> str:
        """Return the token of one click, as right or wrong as the behaviour says."""
        self.clicks_count += 1
        signs = self.behaviour.signs
        issued = now - HOUR if signs is Signs.OLD else now
        key = generate_private_key(SECP256R1()) if signs is Signs.STRANGER else self._key
        claims = {
            "iss": ISSUER,
            "aud": ISSUER if signs is Signs.ELSEWHERE else self.where.address,
            "jti": "the same each time" if signs is Signs.TWICE else str(uuid.uuid4()),
            "iat": int(issued.timestamp()),
            "exp": int((issued + LIFE).timestamp()),
            "user-id": {"system": "record-user", "value": self.where.user},
            "org-id": {"system": "agb", "value": self.where.agb},
            "context": patient.claims(),
        }
        return jwt.encode(claims, key, algorithm="ES256")
