-- One order per transaction, writing the rows that one order writes through the group commit:
-- day, order, stop, delivery, lobby place, journal entry and head. Reads nothing that it could do
-- without: whoever asks is known by number.
\set day :first_day + (1 - :hot) * random(0, :days_count - 1)
SELECT nextval('bench_asker') AS n \gset
BEGIN;
UPDATE campaigns_day
   SET doses_taken = doses_taken + 10, addresses_taken = addresses_taken + 1, version = version + 1
 WHERE id = :day AND doses_taken + 10 <= doses_max;
INSERT INTO campaigns_order (
       id, season_id, organisation_id, day_id, address_key, doses, state, hold_taken_at,
       held_until, given_back_ms, confirmed_at, ended_at, version, key_hold, key_confirm,
       person_id, helping_from, language)
VALUES (gen_random_uuid(), :season, bench_id(1, :n), :day, 'bench-' || :n::text, 10, 'confirmed', now(),
        now() + interval '300 s', 0, now(), NULL, 1, :season::text || '-one-by-one-' || :n::text, '',
        bench_id(2, :n), NULL, 'nl');
INSERT INTO campaigns_stop (day_id, address_key, orders_count) VALUES (:day, 'bench-' || :n::text, 1)
    ON CONFLICT (day_id, address_key) DO UPDATE SET orders_count = campaigns_stop.orders_count + 1;
INSERT INTO delivery_delivery (
       lane, subject, key, digest, key_id, payload, urgency, state, is_open, is_behind, is_purged,
       due_at, attempts_count, created_at, owed_at, reason_code, receipt, handed_to, note)
VALUES ('campaigns.confirmation', bench_id(1, :n)::text, :season::text || '-one-by-one-' || :n::text,
        sha256(int8send(:n::bigint)), 'bench', decode(repeat('5a', 180), 'hex'), 1, 'waiting', true, false,
        false, now(), 0, now(), now(), '', '', '', '');
UPDATE lobby_place
   SET state = 'used', finished_at = now(), version = pg_current_xact_id()::text::bigint
 WHERE lobby_id = :lobby::uuid AND organisation_id = bench_id(1, :n) AND state = 'admitted';
INSERT INTO journal_head (organisation_id) VALUES (bench_id(1, :n)) ON CONFLICT DO NOTHING;
WITH head AS (
    SELECT organisation_id, count, hash FROM journal_head
     WHERE organisation_id = bench_id(1, :n) FOR NO KEY UPDATE
), written AS (
    INSERT INTO journal_entry (
           organisation_id, position, at, action, event, record_kind, record_id, person_id, role,
           on_behalf_of, helping_from, from_address, outcome, purpose, trace_id, detail, hash)
    SELECT organisation_id, count + 1, now(), 'C', 'campaigns.order_placed', 'campaigns.order',
           :season::text || '-' || :n::text, bench_id(2, :n), 'care_manager', NULL, NULL, '127.0.0.1', 0, '',
           '', '{"doses":10,"day":1}', sha256(hash || int8send(count + 1))
      FROM head
)
UPDATE journal_head SET count = head.count + 1, hash = sha256(head.hash || int8send(head.count + 1))
  FROM head WHERE journal_head.organisation_id = head.organisation_id;
COMMIT;
