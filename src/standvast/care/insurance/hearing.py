"""What insurance hears from others."""

from standvast.care.insurance.operations.asking import on_patient_corrected, on_patient_registered
from standvast.core.delivery.api import Subscription, subscriber_lane
from standvast.events.patients import PatientCorrected, PatientRegistered
from standvast.kit.words import marked

EVENTS_LANE = subscriber_lane(
    "insurance.events", title=marked("What insurance checks hear of patients")
)
SUBSCRIPTIONS_OF_INSURANCE = (
    Subscription(PatientRegistered, EVENTS_LANE.name, on_patient_registered),
    Subscription(PatientCorrected, EVENTS_LANE.name, on_patient_corrected),
)
