-- One more for each digest in this window; the rows come with the first.
INSERT INTO grants_tally (digest, window_at, count)
SELECT digest, %(window_at)s, 1 FROM unnest(%(digests)s::text[]) AS digest
ORDER BY digest
ON CONFLICT (digest, window_at) DO UPDATE SET count = grants_tally.count + 1
