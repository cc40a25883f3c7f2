"""A report as HTML and as PDF/A-2b. Words of people go in as data and never become code."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files

import markdown
import nh3
import typst

from standvast.desk.reports.rules.markdown import fingerprint_line, header_of, markdown_of
from standvast.desk.reports.rules.phrases import HEADER
from standvast.desk.reports.rules.report import Form, Report

TAGS = {"h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "em", "hr", "br", "blockquote"}
BLOCKS = {"h1", "h2", "h3", "p", "li"}
TEMPLATE = "report.typ"


def html_of(report: Report) -> str:
    """Return the report as HTML that holds no link, no script and no picture."""
    return clean_html(markdown_of(report))


def preview_of(report: Report) -> str:
    """Return the report as a part of a page, which has the title already."""
    return re.sub(r"<h1>.*?</h1>", "", html_of(report), flags=re.DOTALL)


def clean_html(text: str) -> str:
    """Return Markdown as HTML with only the tags of a plain text."""
    return nh3.clean(markdown.markdown(text), tags=TAGS, attributes={})


@dataclass
class _Walker(HTMLParser):
    """Reads clean HTML as blocks of runs: what kind of block, which words, how marked."""

    blocks: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._runs: list[dict[str, object]] | None = None
        self._marks: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block or a mark."""
        if tag in BLOCKS and not (tag == "p" and self._runs is not None):
            self._runs = []
            self.blocks.append({"kind": tag, "runs": self._runs})
        elif tag in ("strong", "em"):
            self._marks.append(tag)
        elif tag == "hr":
            self.blocks.append({"kind": "hr", "runs": []})

    def handle_endtag(self, tag: str) -> None:
        """Close a block or a mark."""
        if tag in BLOCKS and not (tag == "p" and self._in_item()):
            self._runs = None
        elif tag in self._marks:
            self._marks.remove(tag)

    def handle_data(self, data: str) -> None:
        """Add words to the open block."""
        words = data.replace("\n", " ")
        if self._runs is not None and words:
            self._runs.append(
                {"words": words, "strong": "strong" in self._marks, "em": "em" in self._marks}
            )

    def _in_item(self) -> bool:
        return bool(self.blocks) and self.blocks[-1]["kind"] == "li"


def blocks_of(html: str) -> list[dict[str, object]]:
    """Return clean HTML as blocks for the page setter."""
    walker = _Walker()
    walker.feed(html)
    walker.close()
    return walker.blocks


def pdf_of(report: Report) -> bytes:
    """Return the report as PDF/A-2b. The same report gives the same pages."""
    blocks = [block for block in blocks_of(html_of(report)) if block["kind"] not in ("h1", "hr")]
    data = {
        "title": report.title,
        "language": report.language,
        "header": [] if report.form is Form.LETTER else header_of(report),
        "blocks": _body(report, blocks),
        "fingerprint": fingerprint_line(report),
        "grade_name": HEADER["grade"][report.language],
        "on": [report.on.year, report.on.month, report.on.day],
    }
    template = files("standvast.desk.reports").joinpath("templates", "reports", TEMPLATE)
    made = typst.compile(
        template.read_bytes(),
        format="pdf",
        pdf_standards=["a-2b"],
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def _body(report: Report, blocks: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the blocks without header and fingerprint, which the template sets itself."""
    body = blocks[:-1]
    return body if report.form is Form.LETTER else body[1:]
