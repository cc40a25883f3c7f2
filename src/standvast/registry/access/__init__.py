"""Access: who works where, in which role, and what that role gives.

Owns     tables `access_membership`, `access_invitation`; slot `rights`; pages under /access/.
Promises every page and live route asks here; a right comes from an open membership and its role,
         nothing else; ending one or signing out is felt everywhere within a second; every grant,
         end, switch and help is in the journal.
Uses     registry.organisations, registry.people, core.journal, core.delivery (mail).
Not      which right a page needs: the page says so itself.
"""
