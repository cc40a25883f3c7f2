-- A plan made on an empty table may scan it for ever; keep to the indexes for the next statements.
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true)
