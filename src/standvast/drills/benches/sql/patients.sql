-- A million people of one practice: frequent names are frequent, birth dates are spread over a century.
INSERT INTO patients_patient (
       id, organisation_id, family, given, initials, prefix, partner_family, partner_prefix, name_use,
       birth_on, sex, street, house_number, postcode, city, country, email, telephone,
       representative, representative_telephone, insurer, insured_number, search, version)
SELECT gen_random_uuid(), %(organisation_id)s, family, given, '', '', '', '', 'own',
       birth_on, 'unknown', '', '', '', '', 'NL', '', '', '', '', '', '',
       array_to_tsvector(ARRAY['=' || replace(%(organisation_id)s::text, '-', ''),
                               '#' || to_char(birth_on, 'YYYYMMDD'), family, given]), 1
  FROM (SELECT (%(families)s::text[])[1 + floor(power(random(), 2.2) * %(families_count)s)::int] AS family,
               (%(givens)s::text[])[1 + floor(power(random(), 1.8) * %(givens_count)s)::int] AS given,
               date '1925-01-01' + floor(random() * 36000)::int AS birth_on
          FROM generate_series(1, %(count)s)) AS drawn
