"""What changes for whom under this build and the rules on their way: the gate `shadow`."""

from datetime import datetime

from standvast.desk.releases.api import Evidence, Gatherer, Result
from standvast.project.evidence.walks import running_digest
from standvast.registry.access import api as access

GATE = "shadow"
ENVIRONMENT = "acceptance"
NOT_KEPT = "What the build that runs declares was not kept: start it once more, then check again."


def rules_in_the_shadow(digest: str, now: datetime) -> Evidence | None:
    """Return who would lose or gain what, by what this build declares and by rules on their way.

    What a build declares can be told by that build alone: of another, only a version in the shadow
    is told, and None without one. Names stand in the sentence, which is not copied out of the
    register; figures name nobody.
    """
    is_this_build = digest == running_digest()
    found = access.rules_on_their_way(now, is_this_build=is_this_build)
    if found is None:
        return None
    if not found.is_shown:
        sentence = NOT_KEPT if is_this_build and not found.running else ""
        return Evidence(GATE, digest, Result.INCONCLUSIVE, now, ENVIRONMENT, sentence=sentence)
    # A failure is told onward by its sentence, so that one names nobody.
    losses, gains = found.names() if not found.faults_count else ((), ())
    return Evidence(
        gate=GATE,
        digest=digest,
        result=Result.FAILED if found.faults_count else Result.OK,
        at=now,
        environment=ENVIRONMENT,
        figures={
            "decisions": found.decisions_count,
            "decisions_min": found.decisions_min,
            "layers_not_judged": found.layers_not_judged,
            "denied": found.denied,
            "signed_off": found.signed_off,
            "gained": found.gained,
            "policies": found.policies,
            "running": found.running,
            "declared_compared": is_this_build,
            "version": found.number,
        },
        sentence="; ".join(
            f"{kind}: {', '.join(names)}"
            for kind, names in (("would lose", losses), ("would gain", gains))
            if names
        ),
    )


RULES = Gatherer(GATE, rules_in_the_shadow)
