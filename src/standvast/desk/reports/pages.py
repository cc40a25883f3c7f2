"""Pages of reports: the list, one report with its faults beside the text, files, follow-up."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from standvast.database.api import database_now
from standvast.desk.incidents.api import ended_incidents, incident_id_of, open_incidents
from standvast.desk.reports import forms
from standvast.desk.reports.operations.following import (
    add_action,
    close_action,
    mark_changed,
    record_no_action,
)
from standvast.desk.reports.operations.reporting import (
    approve_report,
    make_report,
    record_read,
    save_blocks,
    write_again,
)
from standvast.desk.reports.printing import html_of, pdf_of, preview_of
from standvast.desk.reports.queries import (
    PAGE_SIZE,
    ReportView,
    action_rows,
    report_rows,
    report_view,
    run_rows,
)
from standvast.desk.reports.rules.markdown import markdown_of
from standvast.desk.reports.rules.report import AuthorRole, Form, Grade, Section
from standvast.kit.errors import NotFound
from standvast.kit.words import marked
from standvast.registry.access.api import actor_of, may, needs
from standvast.web.api import page, redirect_to

FILES = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
}


class FileUnknown(NotFound):
    """Reports come as Markdown, HTML or PDF."""

    code = "reports.file_unknown"


@require_GET
@needs("desk.reports.see")
def all_reports(request: HttpRequest) -> HttpResponse:
    """GET /desk/reports/ - the reports, the actions that follow, the drills that prove them."""
    number = request.GET.get("incident", "")[:16]
    return page(request, "reports/all.html", _all(request, forms.MakeForm(initial=_first(number))))


def _first(number: str) -> dict[str, str]:
    return {"numbers": number, "language": "nl"} if number else {"language": "nl"}


def _all(request: HttpRequest, form: forms.MakeForm) -> dict[str, object]:
    now = database_now()
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    rows, count = report_rows(number)
    return {
        "form": form,
        "action_form": forms.ActionForm(auto_id="action_%s"),
        "no_action_form": forms.NoActionForm(auto_id="none_%s"),
        "rows": rows,
        "pager": {
            "number": number,
            "pages_count": max(1, -(-count // PAGE_SIZE)),
            "items_count": count,
        },
        "actions": action_rows(now),
        "numbers": {row.id: row.number for row in (*open_incidents(now), *ended_incidents(1)[0])},
        "runs": run_rows(),
        "grade_titles": forms.GRADE_TITLES,
        "form_titles": forms.FORM_TITLES,
        "may_write": may(actor_of(request), "desk.reports.write"),
    }


@require_POST
@needs("desk.reports.write")
def make(request: HttpRequest) -> HttpResponse:
    """POST /desk/reports/-/make/ - write a report from the records."""
    form = forms.MakeForm(request.POST)
    if not form.is_valid():
        return page(request, "reports/all.html", _all(request, form), status=422)
    data = form.cleaned_data
    numbers = [number.strip() for number in data["numbers"].split(",") if number.strip()]
    report_id = make_report(
        incident_ids=[incident_id_of(number) for number in numbers],
        language=data["language"],
        author_role=AuthorRole(data["author_role"]),
        form=Form(data["form"]),
        grade=Grade(data["grade"]),
        actor=actor_of(request),
        now=database_now(),
    )
    return redirect_to(request, reverse("reports:one", args=[report_id]))


@require_GET
@needs("desk.reports.see")
def one(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """GET /desk/reports/<id>/ - the text, section by section, with the lint's faults beside."""
    now, actor = database_now(), actor_of(request)
    record_read(report_id=report_id, actor=actor, now=now)
    view = report_view(report_id)
    return page(request, "reports/one.html", _one(request, view, _filled(view)))


def _filled(view: ReportView) -> forms.BlocksForm:
    blocks = {section.value: text for section, text in view.report.blocks.items()}
    return forms.BlocksForm(initial={"version": view.version, **blocks})


def _one(request: HttpRequest, view: ReportView, form: forms.BlocksForm) -> dict[str, object]:
    actor = actor_of(request)
    return {
        "view": view,
        "row": view.row,
        "form": form,
        "sections": list(Section),
        "section_titles": forms.SECTION_TITLES,
        "grade_titles": forms.GRADE_TITLES,
        "form_titles": forms.FORM_TITLES,
        "html": preview_of(view.report),
        "may_write": may(actor, "desk.reports.write") and view.row.approved_at is None,
        "may_approve": may(actor, "desk.reports.approve") and view.row.approved_at is None,
    }


@require_POST
@needs("desk.reports.write")
def save(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """POST /desk/reports/<id>/save/ - keep the rewritten sections and lint again."""
    form = forms.BlocksForm(request.POST)
    if not form.is_valid():
        context = _one(request, report_view(report_id), form)
        return page(request, "reports/one.html", context, status=422)
    save_blocks(
        report_id=report_id,
        blocks=form.blocks(),
        version=form.cleaned_data["version"],
        actor=actor_of(request),
        now=database_now(),
    )
    return redirect_to(request, reverse("reports:one", args=[report_id]))


@require_POST
@needs("desk.reports.write")
def again(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """POST /desk/reports/<id>/again/ - write it anew from the records as they are now."""
    write_again(report_id=report_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("reports:one", args=[report_id]))


@require_POST
@needs("desk.reports.approve")
def approve(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """POST /desk/reports/<id>/approve/ - approve what was read, if it has no fault."""
    form = forms.ApproveForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    approve_report(
        report_id=report_id, version=version, actor=actor_of(request), now=database_now()
    )
    return redirect_to(request, reverse("reports:one", args=[report_id]))


@require_GET
@needs("desk.reports.see")
def file(request: HttpRequest, report_id: uuid.UUID, kind: str) -> HttpResponse:
    """GET /desk/reports/<id>/report.<md|html|pdf> - the report as a file."""
    if kind not in FILES:
        raise FileUnknown(marked("A report comes as Markdown, HTML or PDF."))
    record_read(report_id=report_id, actor=actor_of(request), now=database_now())
    view = report_view(report_id)
    match kind:
        case "pdf":
            content: str | bytes = pdf_of(view.report)
        case "html":
            content = (
                f'<!doctype html><html lang="{view.report.language}"><head><meta charset="utf-8">'
                f"<title>{view.row.on:%Y-%m-%d}</title></head>"
                f"<body>{html_of(view.report)}</body></html>"
            )
        case _:
            content = markdown_of(view.report)
    answer = HttpResponse(content, content_type=FILES[kind])
    name = f"{'-'.join(view.row.numbers[:3])}-{view.row.language}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@require_POST
@needs("desk.reports.write")
def new_action(request: HttpRequest) -> HttpResponse:
    """POST /desk/reports/-/action/ - record what follows an incident."""
    form = forms.ActionForm(request.POST, auto_id="action_%s")
    if not form.is_valid():
        context = _all(request, forms.MakeForm()) | {"action_form": form}
        return page(request, "reports/all.html", context, status=422)
    data = dict(form.cleaned_data)
    incident_id = incident_id_of(data.pop("number"))
    add_action(incident_id=incident_id, actor=actor_of(request), now=database_now(), **data)
    return redirect_to(request, reverse("reports:all"))


@require_POST
@needs("desk.reports.write")
def no_action(request: HttpRequest) -> HttpResponse:
    """POST /desk/reports/-/no-action/ - record that nothing follows, and why."""
    form = forms.NoActionForm(request.POST, auto_id="none_%s")
    if not form.is_valid():
        context = _all(request, forms.MakeForm()) | {"no_action_form": form}
        return page(request, "reports/all.html", context, status=422)
    record_no_action(
        incident_id=incident_id_of(form.cleaned_data["number"]),
        because=form.cleaned_data["because"],
        actor=actor_of(request),
        now=database_now(),
    )
    return redirect_to(request, reverse("reports:all"))


@require_POST
@needs("desk.reports.write")
def action_changed(request: HttpRequest, action_id: uuid.UUID) -> HttpResponse:
    """POST /desk/reports/-/action/<id>/changed/ - the change was made."""
    mark_changed(action_id=action_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("reports:all"))


@require_POST
@needs("desk.reports.write")
def action_close(request: HttpRequest, action_id: uuid.UUID) -> HttpResponse:
    """POST /desk/reports/-/action/<id>/close/ - close it by its proof."""
    close_action(action_id=action_id, actor=actor_of(request), now=database_now())
    return redirect_to(request, reverse("reports:all"))
