"""Dashboards: how much chain care was done, by month, programme, activity and practice.

Owns     tables `dashboards_*`; slot `dashboards.sources`; pages under /dashboards/.
Promises nobody waits for a dashboard: care services, launches and sign-in import nothing of it; it
         counts at most once a day, within three seconds, and shows the last count when a new one
         cannot be had; a person sees their own organisations, and nobody's name; every number that
         is shown is about ten people or more, and no two of them differ by a hidden one.
Uses     registry.access, registry.organisations, core.journal, core.health.
Not      a register of what was done: it asks for counts and keeps nothing else; what was seen on
         different days may differ by a few.
"""
