"""Report 001: one release after which links, coverage checks, claims pages and resets failed.

Owns     nothing in the database; practices, records and a road to test in its own installation.
Promises the fixed lines of the drill `release`: what has not proved itself reaches nobody, what
         breaks all the same is found by walks and stays the only thing that is broken; its twin
         `gates-off` asks for no proof, and fails reached_people and solved_while_red.
Not      a test of each gate: those are beside the gates.
"""
