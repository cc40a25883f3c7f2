-- The instant itself, not that of the transaction.
SELECT clock_timestamp()
