"""Who signs, who may look, who publishes."""

from standvast.kit.words import marked
from standvast.registry.access.api import Right, Role

SIGNERS = frozenset({Role.GP, Role.PHARMACIST, Role.CARE_MANAGER})
RIGHTS_OF_AGREEMENTS = (
    Right("agreements.sign", SIGNERS, marked("sign agreements"), is_lent=False),
    Right(
        "agreements.see",
        SIGNERS | {Role.ASSISTANT},
        marked("read agreements"),
        is_lent=False,
    ),
    Right(
        "agreements.publish",
        frozenset({Role.OFFICE, Role.OPERATOR_LEAD}),
        marked("publish agreements"),
        is_lent=False,
    ),
)
