"""Looks at signing in, the second step and a new password, with both kinds of login name.

Each is a walk through the pages as people take it. In report 001 a new password failed only for
those who sign in with an e-mail address, and only calls told.
"""

import itertools
import re
import time
from collections.abc import Iterable
from typing import Any

from allauth.mfa import app_settings as second_step
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.utils.crypto import get_random_string

from standvast.core.delivery.api import latest_number, mail_since
from standvast.core.health.api import (
    WHOLE,
    CannotWalk,
    Probe,
    ProbeContext,
    Step,
    StepFailed,
    Visitor,
    from_django,
    walk_probe,
)
from standvast.registry.people.destinations.addresses import (
    NOT_AS_AGREED,
    AddressesDestination,
    CannotAsk,
)
from standvast.registry.people.rules import Word
from standvast.registry.people.synthetic import (
    EMAIL_ADDRESS,
    NAME,
    USER_NAME,
    Walker,
    make_ready,
    walker,
)

WALK_EVERY_S = 20.0
"""Two looks tell within a minute; each leaves its lines in the house's journal."""
DEADLINE_S = 10.0
SLOW_WORD_S = 3.0
RESET_WALKERS = 4
"""Five times in five minutes somebody may ask for a new password: so they take turns."""
CODE_WALKERS = 2
"""A code counts once in half a minute: so they take turns."""
SUPPLIER = "address-check"
SUPPLIER_EDGE = f"reset>{SUPPLIER}"
DOUBTED_WRONGLY = "people.sound_address_doubted"
LOGIN, ACCOUNT, LOGOUT = "/accounts/login/", "/accounts/", "/accounts/logout/"
SECOND_STEP, RESET = "/accounts/2fa/authenticate/", "/accounts/password/reset/"
CLOSED = 'data-function="people.reset"'
"""Closed by the desk: that is no fault, and no proof either."""
_LINK = re.compile(r"^https?://\S+?(/accounts/password/reset/key/\S+)$", re.MULTILINE)


class _Walk:
    """One visitor, and the people who take turns in it."""

    has_second_step = False

    def __init__(self, walk: str, variant: str, count: int) -> None:
        self._names = [(walk, variant, number) for number in range(count)]
        self._turns = itertools.cycle(self._names)
        self._ready: set[str] = set()
        self._visitor = Visitor(lambda: str(settings.ADDRESS))

    async def arrive(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        """Take the next one, who is there since this process first walked as them."""
        who = bag["who"] = walker(*next(self._turns))
        if who.login_name not in self._ready:
            await from_django(lambda _: make_ready(who, has_second_step=self.has_second_step))(
                context
            )
            self._ready.add(who.login_name)
        await self._visitor.arrives()

    async def sign_in(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        """Hand in login name and password."""
        del context
        who: Walker = bag["who"]
        (await self._visitor.get(LOGIN)).check_ok()
        shown = await self._hand_in(LOGIN, login=who.login_name, password=who.password)
        shown.check_led_on()
        bag["there"] = shown.leads_to

    async def account(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        """Stand on a page that only shows to somebody who is signed in."""
        del context, bag
        shown = await self._visitor.get(ACCOUNT)
        shown.check_ok()
        if NAME not in shown.text:
            raise StepFailed("not_the_person")

    async def leave(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        """Sign out."""
        del context, bag
        (await self._hand_in(LOGOUT)).check_led_on()

    async def _hand_in(self, path: str, **fields: str) -> Any:
        token = self._visitor.cookie(settings.CSRF_COOKIE_NAME)
        return await self._visitor.post(path, {"csrfmiddlewaretoken": token, **fields})


class _SignIn(_Walk):
    def __init__(self, variant: str) -> None:
        super().__init__("sign-in", variant, 1)

    def steps(self) -> Iterable[Step]:
        yield Step("ready", self.arrive)
        yield Step("sign in", self.sign_in)
        yield Step("account", self.account)
        yield Step("leave", self.leave)


class _Code(_Walk):
    has_second_step = True

    def __init__(self, variant: str) -> None:
        super().__init__("code", variant, CODE_WALKERS)

    def steps(self) -> Iterable[Step]:
        yield Step("ready", self.arrive)
        yield Step("sign in", self.sign_in)
        yield Step("code", self._code)
        yield Step("account", self.account)
        yield Step("leave", self.leave)

    async def _code(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        who: Walker = bag["who"]
        if not bag["there"].startswith(SECOND_STEP):
            raise StepFailed("no_code_asked")
        moment = int(time.time()) // second_step.TOTP_PERIOD
        code = format_hotp_value(hotp_value(who.code_secret, moment))
        shown = await self._hand_in(SECOND_STEP, code=code)
        shown.check_led_on()


class _Reset(_Walk):
    def __init__(self, variant: str) -> None:
        super().__init__("reset", variant, RESET_WALKERS)

    def steps(self) -> Iterable[Step]:
        yield Step("ready", self.arrive)
        yield Step("ask", self._ask)
        yield Step("mail", self._mail)
        yield Step("link", self._link)
        yield Step("choose", self._choose)

    async def _ask(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        bag["since"] = await from_django(lambda _: latest_number())(context)
        page = await self._visitor.get(RESET)
        if CLOSED in page.text:
            raise CannotWalk
        page.check_ok()
        shown = await self._hand_in(RESET, email=bag["who"].login_name)
        shown.check_led_on()

    async def _mail(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        """Read the mail from our own lane: whether it then arrives is the lane's own probe's."""
        who: Walker = bag["who"]
        mail = await from_django(lambda _: mail_since(bag["since"], to=who.email, begins="reset:"))(
            context
        )
        if mail is None:
            raise StepFailed("no_mail")
        link = _LINK.search(mail.text)
        if link is None:
            raise StepFailed("no_link")
        bag["link"] = link[1]

    async def _link(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        shown = await self._visitor.get(bag["link"])
        shown.check_led_on()
        bag["there"] = shown.leads_to
        (await self._visitor.get(shown.leads_to)).check_ok()

    async def _choose(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        del context
        chosen = get_random_string(32)
        shown = await self._hand_in(bag["there"], password1=chosen, password2=chosen)
        shown.check_led_on()


class _Asking:
    """Asks the supplier about an address that has a mail box, as a person's would be asked."""

    def __init__(self, variant: str) -> None:
        self._who = walker("reset", variant, 0)
        self._is_login = variant == EMAIL_ADDRESS
        self._destination: AddressesDestination | None = None

    async def take(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        """Ask; a supplier that calls a sound address wrong has changed as well."""
        del context, bag
        self._destination = self._destination or AddressesDestination()
        try:
            said = await self._destination.ask(self._who.email, is_login=self._is_login)
        except CannotAsk as error:
            raise StepFailed(error.code) from error
        if said.word is Word.DOUBTED:
            raise StepFailed(DOUBTED_WRONGLY)


class _Answering(_Asking):
    """Whether the supplier answers at all; what it answers is the edge's to judge."""

    async def take(self, context: ProbeContext, bag: dict[str, Any]) -> None:
        try:
            await super().take(context, bag)
        except StepFailed as error:
            if error.reason not in (NOT_AS_AGREED, DOUBTED_WRONGLY):
                raise


def _walk(
    name: str,
    target: str,
    steps: Iterable[Step],
    variant: str = WHOLE,
    slow_after_s: float | None = None,
) -> Probe:
    return walk_probe(
        name,
        target,
        steps=tuple(steps),
        variant=variant,
        slow_after_s=slow_after_s,
        interval_s=WALK_EVERY_S,
        deadline_s=DEADLINE_S,
    )


def probes_of_people(*, has_supplier: bool) -> tuple[Probe, ...]:
    """Return the walks; and the looks at the supplier, where there is one."""
    found: list[Probe] = []
    for variant, short in ((USER_NAME, "name"), (EMAIL_ADDRESS, "mail")):
        found += [
            _walk(f"sign-in.walk.{short}", "sign-in", _SignIn(variant).steps(), variant),
            _walk(f"second-factor.walk.{short}", "second-factor", _Code(variant).steps(), variant),
            _walk(f"reset.walk.{short}", "reset", _Reset(variant).steps(), variant),
        ]
        if has_supplier:
            ask = (Step("ask", _Asking(variant).take),)
            found.append(
                _walk(f"reset.address-check.{short}", SUPPLIER_EDGE, ask, variant, SLOW_WORD_S)
            )
    if has_supplier:
        ask = (Step("ask", _Answering(USER_NAME).take),)
        found.append(_walk("address-check.answers", SUPPLIER, ask, WHOLE, SLOW_WORD_S))
    return tuple(found)
