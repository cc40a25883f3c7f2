-- Locks, in key order, every day that the batch may move: those asked for, those of the orders
-- named, and those of the open orders of everybody who asks. Whoever moves an order holds its
-- day's lock; nothing else needs one.
WITH asked AS MATERIALIZED (
    SELECT *
      FROM json_to_recordset(%(asked)s::json)
        AS asked (season_id bigint, "on" date, organisation_id uuid)
), wanted AS MATERIALIZED (
    SELECT (SELECT d.id FROM campaigns_day d
             WHERE d.season_id = asked.season_id AND d."on" = asked."on") AS id
      FROM asked
     UNION
    SELECT (SELECT o.day_id FROM campaigns_order o WHERE o.id = named.id)
      FROM unnest(%(order_ids)s::uuid[]) AS named (id)
     UNION
    SELECT (SELECT o.day_id FROM campaigns_order o
             WHERE o.season_id = asked.season_id AND o.organisation_id = asked.organisation_id
               AND o.state IN ('held', 'confirmed'))
      FROM asked
)
SELECT d.id, d.season_id, d."on", d.doses_max, d.doses_taken, d.addresses_max, d.addresses_taken,
       d.is_closed, d.version
  FROM campaigns_day d
 WHERE d.id = ANY (ARRAY(SELECT id FROM wanted))
 ORDER BY d.id
   FOR NO KEY UPDATE
