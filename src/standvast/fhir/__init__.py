"""The FHIR R4 kit: what every resource has in common. No domain.

Owns     addresses below `/fhir/`: reading, searching and handing in what modules bring, paging,
         errors as OperationOutcome, the CapabilityStatement, the look at what comes in.
Promises a search by a number is taken by POST only; no address that we hand out names anybody;
         whoever asks is known by session or by bearer token before anything is read, and a token
         gives no more than its scopes and the rights of who it is for.
Uses     kit, database.
Not      what a resource says or who may see it: that is its module's, which writes each look down.
"""
