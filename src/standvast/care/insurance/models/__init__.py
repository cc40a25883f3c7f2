"""The tables of insurance, one file per noun."""

from standvast.care.insurance.models.care import Activity, Enrolment
from standvast.care.insurance.models.claims import Bundle, Line, Payment, PaymentRow, Submission
from standvast.care.insurance.models.coverage import Check, Coverage
from standvast.care.insurance.models.nights import Message, Night
from standvast.care.insurance.models.reminders import Reminder
from standvast.care.insurance.models.tariffs import Tariff

__all__ = [
    "Activity",
    "Bundle",
    "Check",
    "Coverage",
    "Enrolment",
    "Line",
    "Message",
    "Night",
    "Payment",
    "PaymentRow",
    "Reminder",
    "Submission",
    "Tariff",
]
