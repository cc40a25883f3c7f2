INSERT INTO lobby_load (serve, at, page_p95_s, pages_count)
VALUES (%(serve)s, clock_timestamp(), %(page_p95_s)s, %(pages_count)s)
ON CONFLICT (serve) DO UPDATE
   SET at = excluded.at, page_p95_s = excluded.page_p95_s, pages_count = excluded.pages_count
