"""Insurance: whether a patient is insured, asked of the insurers and followed up by itself.

Owns     tables `insurance_*`; lanes `insurance.coverage` and `insurance.events`; pages under
         /insurance/.
Promises nothing waits for a check: a patient is there before the insurers answer, and what was
         known last stands on screen with its date while a new answer is awaited; an answer has
         three values, insured, not insured and unknown, and keeps its evidence; a check that was
         asked for is answered or reaches a person, whatever stops meanwhile.
Uses     registry.patients, registry.organisations, registry.access, core.delivery,
         core.certificates, core.journal, events.patients.
Not      who the insurers are: an answer names them.
"""
