"""How allauth meets this house."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited by their organisation; nobody signs up by themselves."""

    def is_open_for_signup(self, request: object) -> bool:
        return False
