"""The frame of all drills: people, faults, history, criteria, twin, verdict.

Owns     nothing in the database; a run is recorded through desk/reports.
Promises one line per criterion and exit 0 only when all pass; a drill whose twin passes, or
         fails elsewhere than named, is red; the faults are taken back whatever happens; it does
         not start while any destination points off this machine.
Not      any drill: those are folders beside this one.
"""
