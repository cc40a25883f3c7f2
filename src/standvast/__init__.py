"""Standvast: primary care services that carry on through an outage, and the desk that runs them.

Floors, top first: project, drills, outside, care, desk, registry, core, events, web and fhir,
database, kit. ARCHITECTURE.md draws them; import-linter holds them.
"""

__version__ = "0.1.0"
