"""Staff: who asks for a colleague, what colleagues do, and when they are there.

Owns     tables `staff_request`, `staff_profile`, `staff_absence`; pages under /staff/.
Promises a request is seen for thirty days, with what became of it, and then forgotten; it is
         answered once: an invitation, or a no with its reason; at most three functions; no absence
         overlaps another; what somebody leaves behind is forgotten when they leave.
Uses     registry.access, registry.people, registry.organisations, registry.tidings, core.journal.
Not      roles and invitations themselves (access); what a person may do beside their role.
"""
