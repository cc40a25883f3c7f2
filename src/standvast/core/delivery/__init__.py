"""Lanes: a message committed with your data reaches its destination or a person's attention.

Owns     tables `delivery_delivery` and `delivery_lane`; the lanes listed in `project/wiring.py`.
Promises if the transaction that called `enqueue` commits, the delivery is attempted until its
         destination accepts or refuses it, whatever process dies meanwhile; strictly in order
         per (lane, subject); a late answer of a dead lease changes nothing; rate, concurrency
         and breaker hold over all couriers together; payloads are sealed at rest; an event reaches
         each of its subscribers once with effect, in order per subject, and costs nothing where
         nobody subscribes.
Publishes nothing of its own; `publish` is how others do.
Uses     database, events, journal, kit.
Not      exactly once: a destination must ignore a `key` that it has seen.
States   waiting -> leased -> accepted | refused | waiting (see rules.MOVES).
"""
