"""How allauth is set for this house. `project/settings.py` takes all of it in one line.

Throttles: a practice, and often a whole health centre, sits behind one network address. So wrong
passwords are counted per login name and device (`devices.py`); what is counted per address has a
ceiling that only a machine reaches.
"""

_FORMS = "standvast.registry.people.forms"

AUTHENTICATION_BACKENDS = ["standvast.registry.people.backends.LoginNameBackend"]

ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_ADAPTER = "standvast.registry.people.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE, no question asked
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.LoginForm",
    "reset_password": f"{_FORMS}.ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}.ResetPasswordKeyForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "300/5m/ip,10/5m/key",
    "reset_password": "120/5m/ip,5/5m/key",
    "reset_password_from_key": "300/m/ip",
    "change_password": "10/m/user",
    "reauthenticate": "10/m/user",
}

MFA_ADAPTER = "standvast.registry.people.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_FORMS = {
    "authenticate": f"{_FORMS}.AuthenticateForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateCodeForm",
    "activate_totp": f"{_FORMS}.ActivateTOTPForm",
    "add_webauthn": f"{_FORMS}.AddPasskeyForm",
    "edit_webauthn": f"{_FORMS}.EditPasskeyForm",
}

USERSESSIONS_ADAPTER = "standvast.registry.people.adapters.SessionsAdapter"
