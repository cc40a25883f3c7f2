-- Prepared on an empty table, a plan may scan it for ever; keep to the indexes, here only.
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true)
