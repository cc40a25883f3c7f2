-- The orders a batch speaks of, read after the lock: named, open, or made with the same key.
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(customer_seasons)s::bigint[], %(customers)s::uuid[], %(keys)s::text[])
        AS c (season_id, organisation_id, key)
), found AS (
    SELECT unnest(%(order_ids)s::uuid[]) AS id
     UNION
    SELECT o.id
      FROM asked JOIN campaigns_order o ON o.season_id = asked.season_id
       AND o.organisation_id = asked.organisation_id AND o.state IN ('held', 'confirmed')
     UNION
    SELECT o.id
      FROM asked JOIN campaigns_order o ON o.organisation_id = asked.organisation_id
       AND o.key_hold = asked.key
     UNION
    SELECT other.id
      FROM campaigns_order named JOIN campaigns_order other ON other.season_id = named.season_id
       AND other.organisation_id = named.organisation_id AND other.state IN ('held', 'confirmed')
     WHERE named.id = ANY (%(order_ids)s::uuid[])
)
SELECT o.id, o.season_id, o.organisation_id, o.day_id, d."on", o.address_key, o.doses, o.state,
       o.hold_taken_at, o.held_until, o.given_back_ms, o.confirmed_at, o.ended_at, o.version,
       o.key_hold, o.key_confirm, o.person_id, o.helping_from, o.language
  FROM found
  JOIN campaigns_order o ON o.id = found.id
  JOIN campaigns_day d ON d.id = o.day_id
