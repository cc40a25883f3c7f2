-- As many care organisations as a run needs, each with one person at work there. Ids follow from
-- numbers, so that pgbench can name them.
CREATE OR REPLACE FUNCTION bench_id(kind int, n bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ('0000000' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;
CREATE SEQUENCE IF NOT EXISTS bench_asker;
CREATE TABLE IF NOT EXISTS bench_day (id int PRIMARY KEY, taken int NOT NULL);
CREATE TABLE IF NOT EXISTS bench_order (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, day_id int NOT NULL, doses int NOT NULL);
CREATE TABLE IF NOT EXISTS bench_mail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL);
INSERT INTO bench_day SELECT n, 0 FROM generate_series(0, 999) AS n ON CONFLICT DO NOTHING;
INSERT INTO organisations_organisation (
       id, kind, name, code_system, code, street, house_number, postcode, city, country,
       address_key, email, telephone, language, is_active)
SELECT bench_id(1, n), 'care', 'Bench ' || n, 'none', '', 'Meetweg', n::text, '1000AA', 'Meetstad',
       'NL', 'bench-' || n, 'bench' || n || '@bench.example', '', 'nl', true
  FROM generate_series(1, %(count)s) AS n;
INSERT INTO people_person (
       id, username, email, display_name, password, language, is_active, is_persona)
SELECT bench_id(2, n), 'bench' || n, '', 'Bench ' || n, '!bench', 'nl', true, false
  FROM generate_series(1, %(count)s) AS n;
INSERT INTO access_membership (id, person_id, organisation_id, role, held_from)
SELECT bench_id(4, n), bench_id(2, n), bench_id(1, n), 'care_manager', now() - interval '1 year'
  FROM generate_series(1, %(count)s) AS n;
ANALYZE organisations_organisation, people_person, access_membership;
