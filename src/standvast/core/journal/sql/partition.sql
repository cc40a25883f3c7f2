-- Makes the partition of one month unless it is there. Answers false, and makes nothing, while
-- entries of that month stand in the default partition: they stay readable where they are.
SELECT journal_make_partition(%(month_on)s::date)
