-- The bare shape, for reference only: one update and two inserts.
\set day :first_day + (1 - :hot) * random(0, :days_count - 1)
BEGIN;
UPDATE bench_day SET taken = taken + 10 WHERE id = :day::int - :first_day::int AND taken + 10 <= 2000000000;
INSERT INTO bench_order (day_id, doses) VALUES (:day::int - :first_day::int, 10);
INSERT INTO bench_mail (body) VALUES ('confirmed');
COMMIT;
