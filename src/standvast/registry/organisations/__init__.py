"""Organisations: practices, posts, pharmacies, suppliers, offices; who people work for.

Owns     table `organisations_organisation`.
Promises an AGB or NIHDI number in the table is well formed and held once; two organisations at
         one address have the same `address_key`, however the address was written; when one is
         open follows from its kind and country alone (`hours`).
Uses     core.journal.
Not      people, roles (access), patients.
"""
