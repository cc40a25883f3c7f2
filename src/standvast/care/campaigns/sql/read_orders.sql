-- The orders a batch speaks of, read after the lock: named, open, or made with the same key; with
-- how many orders go to the same stop.
WITH asked AS MATERIALIZED (
    SELECT *
      FROM unnest(%(season_ids)b::bigint[], %(organisation_ids)b::uuid[], %(keys)b::text[])
        AS asked (season_id, organisation_id, key)
), named AS MATERIALIZED (
    SELECT named.id,
           (SELECT o.season_id FROM campaigns_order o WHERE o.id = named.id) AS season_id,
           (SELECT o.organisation_id FROM campaigns_order o WHERE o.id = named.id)
               AS organisation_id
      FROM unnest(%(order_ids)b::uuid[]) AS named (id)
), found AS MATERIALIZED (
    SELECT id FROM named
     UNION
    SELECT (SELECT o.id FROM campaigns_order o
             WHERE o.season_id = asked.season_id AND o.organisation_id = asked.organisation_id
               AND o.state IN ('held', 'confirmed'))
      FROM (SELECT season_id, organisation_id FROM asked
             UNION SELECT season_id, organisation_id FROM named) AS asked
     UNION
    SELECT (SELECT o.id FROM campaigns_order o
             WHERE o.organisation_id = asked.organisation_id AND o.key_hold = asked.key)
      FROM asked
)
SELECT o.id, o.season_id, o.organisation_id, o.day_id,
       (SELECT d."on" FROM campaigns_day d WHERE d.id = o.day_id), o.address_key, o.doses, o.state,
       o.hold_taken_at, o.held_until, o.given_back_ms, o.confirmed_at, o.ended_at, o.version,
       o.key_hold, o.key_confirm, o.person_id, o.helping_from, o.language,
       coalesce((SELECT s.orders_count FROM campaigns_stop s
                  WHERE s.day_id = o.day_id AND s.address_key = o.address_key), 0)
  FROM campaigns_order o
 WHERE o.id = ANY (ARRAY(SELECT id FROM found WHERE id IS NOT NULL))
