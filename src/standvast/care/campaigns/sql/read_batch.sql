-- What a batch is decided on, read after the lock and all at one instant, one JSON list each:
-- the orders it speaks of (named, open, or made with the same key) with how many orders go to the
-- same stop; who asks, with address, bounds, and how many orders go to that address on the day
-- asked for; the terms of all seasons: few rows, read every time so that a pause counts at once.
-- One lookup by key after another, whatever the planner knows.
WITH asked AS MATERIALIZED (
    SELECT *
      FROM json_to_recordset(%(asked)s::json)
        AS asked (season_id bigint, "on" date, organisation_id uuid, key text)
), named AS MATERIALIZED (
    SELECT named.id,
           (SELECT o.season_id FROM campaigns_order o WHERE o.id = named.id) AS season_id,
           (SELECT o.organisation_id FROM campaigns_order o WHERE o.id = named.id)
               AS organisation_id
      FROM unnest(%(order_ids)s::uuid[]) AS named (id)
), found AS MATERIALIZED (
    SELECT id FROM named
     UNION
    SELECT (SELECT o.id FROM campaigns_order o
             WHERE o.season_id = whose.season_id AND o.organisation_id = whose.organisation_id
               AND o.state IN ('held', 'confirmed'))
      FROM (SELECT season_id, organisation_id FROM asked
             UNION SELECT season_id, organisation_id FROM named) AS whose
     UNION
    SELECT (SELECT o.id FROM campaigns_order o
             WHERE o.organisation_id = asked.organisation_id AND o.key_hold = asked.key)
      FROM asked
), orders AS (
    SELECT o.id, o.season_id, o.organisation_id, o.day_id,
           (SELECT d."on" FROM campaigns_day d WHERE d.id = o.day_id) AS "on", o.address_key,
           o.doses, o.state, o.hold_taken_at, o.held_until, o.given_back_ms, o.confirmed_at,
           o.ended_at, o.version, o.key_hold, o.key_confirm, o.person_id, o.helping_from,
           o.language,
           coalesce((SELECT s.orders_count FROM campaigns_stop s
                      WHERE s.day_id = o.day_id AND s.address_key = o.address_key), 0)
               AS stop_count
      FROM campaigns_order o
     WHERE o.id = ANY (ARRAY(SELECT id FROM found WHERE id IS NOT NULL))
), customers AS (
    SELECT c.organisation_id, c.season_id, c.kind, c.address_key, c.ordered_last,
           c.administered_last, k.doses_max, asked."on",
           coalesce((SELECT s.orders_count FROM campaigns_stop s
                      WHERE s.day_id = (SELECT d.id FROM campaigns_day d
                                         WHERE d.season_id = asked.season_id
                                           AND d."on" = asked."on")
                        AND s.address_key = c.address_key), 0) AS stop_count
      FROM asked
     CROSS JOIN LATERAL (
           SELECT * FROM campaigns_customer c
            WHERE c.season_id = asked.season_id AND c.organisation_id = asked.organisation_id
            LIMIT 1) AS c
     CROSS JOIN LATERAL (
           SELECT k.doses_max FROM campaigns_kindrule k
            WHERE k.season_id = asked.season_id AND k.kind = c.kind
            LIMIT 1) AS k
), seasons AS (
    SELECT id, slug, programme, year, state, opens_at, doors_at, closes_at, paused_at, step,
           hold_s, change_working_days_min, ceiling_percent, lobby, region
      FROM campaigns_season
     WHERE state <> 'closed' OR id IN (SELECT season_id FROM asked)
)
SELECT (SELECT coalesce(json_agg(orders), '[]')::text FROM orders),
       (SELECT coalesce(json_agg(customers), '[]')::text FROM customers),
       (SELECT coalesce(json_agg(seasons), '[]')::text FROM seasons)
