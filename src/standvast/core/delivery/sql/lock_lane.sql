-- Put this transaction in order with the couriers of a lane.
SELECT lane FROM delivery_laneflow WHERE lane = %(lane)s FOR UPDATE
