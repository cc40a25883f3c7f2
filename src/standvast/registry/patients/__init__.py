"""Patients: the people a practice cares for, as its own register has them.

Owns     tables `patients_patient`, `patients_identifier`; pages under /patients/.
Promises a patient is registered in one step, whatever is known or checked about them: nothing waits
         for anybody outside; one number names one patient in an organisation; a number stands in no
         address, log, mail or error; each look and each change is in the journal; two that turn out
         to be one are brought together, and apart again, without losing a word of either.
Publishes PatientRegistered, PatientCorrected (standvast.events.patients).
Uses     core.delivery, core.journal, registry.access, registry.organisations.
Not      insurance and claims (care.insurance); what is the matter with somebody.
"""
