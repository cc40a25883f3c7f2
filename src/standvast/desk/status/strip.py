"""The notices strip: what touches the one who looks at a page. Fills slots of `web`."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from standvast.desk.status.board import ToldView, board
from standvast.desk.status.queries import put_away_ids
from standvast.desk.status.rules import NoticeKind, is_for, is_on, text_in
from standvast.desk.status.snapshot.make import hand_text
from standvast.kit.actor import Actor
from standvast.kit.words import marked
from standvast.web.api import NoticeView

LOOKS = {
    NoticeKind.OUTAGE: "harm",
    NoticeKind.MAINTENANCE: "info",
    NoticeKind.KNOWN_PROBLEM: "late",
    NoticeKind.RELEASE: "info",
}
FOLLOWS = marked("This text will follow in your language.")
SHOWN_MAX = 5


def notices_for(actor: Actor, now: datetime) -> Sequence[NoticeView]:
    """Return what touches this actor: closed functions first, then notices, newest first."""
    content = board().fresh()
    closed = [
        NoticeView("closed", _said(view.texts), view.from_at)
        for view in content.closures
        if is_for(view.organisation_ids, actor.organisation_id)
        and is_on(view.from_at, view.until_at, now)
    ]
    told = [
        notice
        for notice in content.notices
        if is_for(notice.organisation_ids, actor.organisation_id)
        and is_on(notice.from_at, notice.until_at, now)
    ]
    known = [notice.id for notice in told if notice.kind == NoticeKind.KNOWN_PROBLEM]
    gone = put_away_ids(actor.person_id, known) if known and actor.person_id else frozenset()
    shown = [_view(notice) for notice in reversed(told) if notice.id not in gone]
    return [*closed, *shown][:SHOWN_MAX]


def public_notices(now: datetime) -> Sequence[NoticeView]:
    """Return what a stranger is told: the text by hand, and what is for everybody."""
    hand = hand_text()
    by_hand = [NoticeView("harm", hand)] if hand else []
    told = [
        NoticeView(LOOKS[NoticeKind(notice.kind)], _said(notice.texts), notice.from_at)
        for notice in reversed(board().fresh().notices)
        if notice.organisation_ids is None
        and is_on(notice.from_at, notice.until_at, now)
        and notice.kind in (NoticeKind.OUTAGE, NoticeKind.MAINTENANCE)
    ]
    return [*by_hand, *told][:SHOWN_MAX]


def _view(notice: ToldView) -> NoticeView:
    is_known = notice.kind == NoticeKind.KNOWN_PROBLEM
    return NoticeView(
        LOOKS[NoticeKind(notice.kind)],
        _said(notice.texts),
        notice.from_at,
        url=reverse("notices:notice", args=[notice.id]) if is_known else "",
        link=gettext("Read it, or put it away") if is_known else "",
    )


def _said(texts: dict[str, str] | object) -> str:
    """Return the text in the active language, or in another with a word that it follows."""
    assert isinstance(texts, dict)
    language = (get_language() or str(settings.LANGUAGE_CODE))[:2]
    text = text_in(texts, language)
    return text if texts.get(language) else f"{text} {gettext(FOLLOWS)}"
