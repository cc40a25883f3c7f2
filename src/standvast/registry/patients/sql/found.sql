-- Patients that fit every word of a search, by name. One index answers: the organisation, the birth
-- date and the beginnings of names are words of `search`. Past %(fit_max)s that fit, the first that
-- are met are sorted: whoever looks must say more anyway. With %(only_id)s nobody else is looked for.
SELECT id, family, given, initials, prefix, partner_family, partner_prefix, name_use,
       birth_on, sex, street, house_number, postcode, city
  FROM (SELECT *
          FROM patients_patient
         WHERE search @@ %(words)s::tsquery AND merged_into_id IS NULL
           AND (%(only_id)s::uuid IS NULL OR id = %(only_id)s::uuid)
         LIMIT %(fit_max)s) AS fit
 ORDER BY family, given, birth_on, id
 LIMIT %(rows_max)s
