"""Probes and findings: each component and each edge is looked at, and what is red is known.

Owns     tables `health_observation`, `health_hour`, `health_standing`, `health_finding`,
         `health_pulse`, `health_heartbeat`; the process `watch`; addresses `/healthz`, `/readyz`,
         `/health`, `/metrics`, `/heartbeat/<secret>`.
Promises a fault is found within a minute; unknown is never green; a component or edge without
         a probe is a red finding; a red parent holds back only the making of an incident, never
         its end; with the database gone probing goes on and is written down afterwards, once.
Publishes findings, to the slot HEARERS: at least once each for opened and ended.
Uses     database.
Not      incidents, people or care: it knows slugs and sentences, nothing of what they mean.
"""
