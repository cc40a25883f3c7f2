-- What a batch decided: new orders, both counters of each day at once, and the stops they follow
-- from. Orders come in the order of their organisations, so that two batches that meet cannot
-- block each other crosswise; one that another process forestalled fails the statement, and the
-- batch is decided anew. The table's CHECKs are the last word. What each day gets is looked up by its
-- number: joined to a list, every day of every season would be read.
WITH new AS (
    INSERT INTO campaigns_order (
           id, season_id, organisation_id, day_id, address_key, doses, state, hold_taken_at,
           held_until, given_back_ms, confirmed_at, ended_at, version, key_hold, key_confirm,
           person_id, helping_from, language)
    SELECT *
      FROM json_to_recordset(%(orders)s::json) AS o (
           id uuid, season_id bigint, organisation_id uuid, day_id bigint, address_key text,
           doses int, state text, hold_taken_at timestamptz, held_until timestamptz,
           given_back_ms int, confirmed_at timestamptz, ended_at timestamptz, version int,
           key_hold text, key_confirm text, person_id uuid, helping_from uuid, language text)
), days AS MATERIALIZED (
    SELECT %(days)s::jsonb AS by_id
), counted AS (
    UPDATE campaigns_day AS d
       SET doses_taken = d.doses_taken + (days.by_id -> d.id::text ->> 'doses')::int,
           addresses_taken = d.addresses_taken + (days.by_id -> d.id::text ->> 'addresses')::int,
           version = d.version + 1
      FROM days
     WHERE d.id = ANY (%(day_ids)s::bigint[])
), stops AS MATERIALIZED (
    SELECT *
      FROM json_to_recordset(%(stops)s::json)
        AS w (day_id bigint, address_key text, orders_count int)
), gone AS (
    DELETE FROM campaigns_stop AS s USING stops AS w
     WHERE s.day_id = w.day_id AND s.address_key = w.address_key AND w.orders_count = 0
)
INSERT INTO campaigns_stop (day_id, address_key, orders_count)
SELECT day_id, address_key, orders_count FROM stops WHERE orders_count > 0
ON CONFLICT (day_id, address_key) DO UPDATE SET orders_count = excluded.orders_count
