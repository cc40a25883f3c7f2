-- Moves both counters of each day at once; the table's CHECKs are the last word.
UPDATE campaigns_day AS d
   SET doses_taken = d.doses_taken + w.doses,
       addresses_taken = d.addresses_taken + w.addresses,
       version = d.version + 1
  FROM unnest(%(day_ids)b::bigint[], %(doses)b::int[], %(addresses)b::int[])
       AS w (id, doses, addresses)
 WHERE d.id = w.id
