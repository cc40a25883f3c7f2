-- How many confirmations are still ours to deliver.
SELECT count(*) FROM delivery_delivery
 WHERE lane = 'campaigns.confirmation' AND state IN ('waiting', 'leased')
