"""Access: who works where, in which role, and what that role gives.

Owns     tables `access_membership`, `access_invitation`, those of rules (`ruling/`); slot `rights`;
         pages under /access/ and /desk/access/.
Promises every page and live route asks here; a right comes from an open membership, its role, the
         rules of this moment and what the person holds beside them; ending one or signing out is
         felt everywhere within a second, other rules within two; rules show whom they would shut
         out before they are enforced; every grant, end, switch and help is in the journal.
Uses     registry.organisations, registry.people, core.journal, core.delivery (mail), core.health.
Not      which right a page needs: the page says so itself.
"""
