-- Who asks: address and bounds of each organisation in its season.
SELECT c.organisation_id, c.season_id, c.kind, c.address_key, c.ordered_last, c.administered_last,
       k.doses_max
  FROM unnest(%(customer_seasons)s::bigint[], %(customers)s::uuid[]) AS w (season_id, id)
  JOIN campaigns_customer c ON c.season_id = w.season_id AND c.organisation_id = w.id
  JOIN campaigns_kindrule k ON k.season_id = c.season_id AND k.kind = c.kind
