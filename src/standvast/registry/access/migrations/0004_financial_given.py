"""Who could claim goes on claiming: the right needs a grant from now on, and each is given it.

One statement over one row for each GP at work: a command that somebody forgets would take claims
pages away from people who are entitled to them, which is what report 001 tells of (ADR 0029).
"""

from django.db import migrations

GIVEN = """
INSERT INTO access_personalrule (id, person_id, organisation_id, holding, name, why, from_at)
SELECT gen_random_uuid(), m.person_id, m.organisation_id, 'given', 'financial', '', now()
FROM access_membership m
WHERE m.role = 'gp' AND (m.held_until IS NULL OR m.held_until > now())
  AND NOT EXISTS (SELECT FROM access_personalrule h
                  WHERE h.person_id = m.person_id AND h.organisation_id = m.organisation_id
                    AND h.name = 'financial' AND h.ended_at IS NULL
                    AND h.holding IN ('given', 'withheld'))
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_what_runs_and_why")]

    operations = [migrations.RunSQL(GIVEN, migrations.RunSQL.noop)]
