"""Insurance: whether a patient is insured, and what is claimed for chain care, quarter by quarter.

Owns     tables `insurance_*`; lanes `insurance.coverage`, `.events`, `.claims` and `.answers`;
         pages under /insurance/ and /claims/.
Promises nothing waits for a check: a patient is there before the insurers answer, and what was
         known last stands on screen with its date while a new answer is awaited; an answer has
         three values, insured, not insured and unknown, and keeps its evidence; a check that was
         asked for is answered or reaches a person, whatever stops meanwhile; a practice is asked
         about anew at night, behind everything that somebody waits for.
         A quarter prepared again has the same lines, and submitted twice is one submission; what
         is unknown keeps back its own line only; claimed is approved, rejected and awaited, to the
         cent; a correction is a later version, and what was sent stays as it was; a person is
         claimed for once, however many rows and deeds were written down; what programmes pay is
         kept with who said so; who claims is reminded once a quarter.
Uses     fhir, registry.patients, registry.organisations, registry.people, registry.access,
         registry.tidings, core.delivery, core.certificates, core.journal, events.patients.
Not      who the insurers are: an answer names them. No layout or tariff of anybody: made up.
"""
