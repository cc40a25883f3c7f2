"""Patients: the people a practice cares for, as its own register has them.

Owns     tables `patients_patient`, `patients_identifier`, `patients_import`,
         `patients_importslice`, `patients_importline`; pages under /patients/.
Promises a patient is registered in one step, whatever is known or checked about them: nothing waits
         for anybody outside; one number names one patient in an organisation; a number stands in no
         address, log, mail or error; each look and each change is in the journal; two that turn out
         to be one are brought together, and apart again, without losing a word of either; who has
         another number of the country is nobody else, whatever the practice's own number says.
         A list, CSV or FHIR, is kept sealed until it is registered, at most 7 days, and each of its
         rows gets one result, whatever process dies meanwhile; the same list twice doubles nobody.
Publishes PatientRegistered, PatientCorrected, SliceHandedIn (standvast.events.patients); hears the
         last itself.
Uses     fhir, core.delivery, core.health, core.journal, registry.access, registry.organisations.
Not      insurance and claims (care.insurance); what is the matter with somebody.
"""
