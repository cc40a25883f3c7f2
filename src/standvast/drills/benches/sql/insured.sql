-- Made-up people of one practice, each with the number of an insurance: enough to ask about.
INSERT INTO patients_patient (
       id, organisation_id, family, given, initials, prefix, partner_family, partner_prefix, name_use,
       birth_on, sex, street, house_number, postcode, city, country, email, telephone,
       representative, representative_telephone, insurer, insured_number, search, version)
SELECT gen_random_uuid(), %(organisation_id)s, 'Meting', '', '', '', '', '', 'own',
       date '1925-01-01' + number, 'unknown', '', '', '', '', 'NL', '', '', '', '', '',
       lpad(number::text, 10, '9'), array_to_tsvector(ARRAY['=' || replace(%(organisation_id)s::text, '-', '')]), 1
  FROM generate_series(1, %(count)s) AS number
