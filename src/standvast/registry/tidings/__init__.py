"""Tidings: short words to one person about their work, read once.

Owns     table `tidings_tiding`; pages under /tidings/; the bell at the top right.
Promises a tiding is told with what it tells of, in one transaction, and once, however often that is
         repeated; each person has a read state of their own; a person has at most a hundred, and
         none older than ninety days.
Uses     registry.access, registry.people, registry.organisations.
Not      notices about outages and maintenance (desk.status); mails; what patients are told.
"""
