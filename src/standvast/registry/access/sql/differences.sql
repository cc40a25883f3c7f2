-- Who would lose or gain what: added to what the report holds already.
INSERT INTO access_shadowdifference
       (report_id, person_id, organisation_id, "right", layer, is_loss, replayed_count, seen_count)
SELECT %(report_id)s, r.person_id, r.organisation_id, r.right_name, r.layer, r.is_loss,
       r.replayed_count, r.seen_count
FROM jsonb_to_recordset(%(rows)s::jsonb)
     AS r(person_id uuid, organisation_id uuid, right_name text, layer text, is_loss boolean,
          replayed_count integer, seen_count integer)
JOIN people_person p ON p.id = r.person_id
JOIN organisations_organisation o ON o.id = r.organisation_id
ON CONFLICT (report_id, person_id, organisation_id, "right", layer, is_loss) DO UPDATE
SET seen_count = access_shadowdifference.seen_count + excluded.seen_count,
    replayed_count = greatest(access_shadowdifference.replayed_count, excluded.replayed_count)
