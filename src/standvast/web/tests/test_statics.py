import asyncio
import gzip

import pytest

from standvast.web import statics
from standvast.web.statics import StaticFiles, StaticMissing, Statics, sources_of


@pytest.fixture
def folder(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    write("a/page.css", '@import "part.css" layer(x);\nbody { background: url("dot.svg#i"); }')
    write("a/part.css", "p { color: red; }")
    write("a/dot.svg", "<svg/>")
    write("b/page.js", 'import { x } from "./other.js";\nexport { y } from "../a/z.js";')
    write("b/other.js", "export const x = 1;")
    write("b/other.test.js", "nothing to serve")
    write("a/z.js", "export const y = 1;")
    return tmp_path


def made(folder):
    return Statics(sources_of([folder]))


class TestStatics:
    def test_a_module_imports_by_hashed_names(self, folder):
        found = made(folder)

        text = found.asset("b/page.js").body.decode()

        assert found.asset("b/other.js").address in text
        assert found.asset("a/z.js").address in text

    def test_a_change_of_what_is_imported_changes_who_imports_it(self, folder):
        before = made(folder).asset("b/page.js").address
        (folder / "b/other.js").write_text("export const x = 2;")

        assert made(folder).asset("b/page.js").address != before

    def test_a_sheet_takes_its_imports_in_and_hashes_its_addresses(self, folder):
        (folder / "a/page.css").write_text('@import "part.css" layer(x); a{b:url("dot.svg")}')
        found = made(folder)

        text = found.asset("a/page.css").body.decode()

        assert "@layer x {\np { color: red; }\n}" in text
        assert found.asset("a/dot.svg").address in text

    def test_names_a_file_that_is_not_there(self, folder):
        (folder / "b/other.js").unlink()

        with pytest.raises(StaticMissing, match=r"other\.js"):
            made(folder)

    def test_tests_are_not_served(self, folder):
        assert "b/other.test.js" not in sources_of([folder])

    def test_two_modules_that_import_each_other_are_refused(self, folder):
        (folder / "b/other.js").write_text('import "./page.js";')

        with pytest.raises(AssertionError, match="import each other"):
            made(folder)


def ask(app, path, method="GET", **headers):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "path": path,
        "method": method,
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


class TestStaticFiles:
    def test_serves_for_ever_and_packed(self):
        address = statics.address("web/page.css")

        status, headers, body = ask(StaticFiles(), address, accept_encoding="gzip, br")

        assert status == 200
        assert b"immutable" in headers[b"cache-control"]
        assert headers[b"content-encoding"] == b"gzip"
        assert b"--paper" in gzip.decompress(body)

    def test_does_not_pack_for_who_cannot_unpack(self):
        status, headers, body = ask(StaticFiles(), statics.address("web/page.css"))

        assert status == 200
        assert b"content-encoding" not in headers
        assert b"--paper" in body

    def test_says_not_modified(self):
        address = statics.address("web/mark.svg")
        _, headers, _ = ask(StaticFiles(), address)

        status, _, body = ask(StaticFiles(), address, if_none_match=headers[b"etag"].decode())

        assert (status, body) == (304, b"")

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../settings.py",
            "/static/web/../../../../etc/passwd",
            "/static//etc/passwd",
            "/static/web/page.css",
            "/static/web/%2e%2e/page.css",
            "/static/",
        ],
    )
    def test_knows_no_other_names(self, path):
        status, _, _ = ask(StaticFiles(), path)

        assert status == 404

    def test_takes_no_posts(self):
        status, headers, _ = ask(StaticFiles(), statics.address("web/mark.svg"), method="POST")

        assert (status, headers[b"allow"]) == (405, b"GET, HEAD")

    def test_everything_of_a_plain_page_weighs_less_than_200_kb(self):
        names = ["web/page.css", "web/vendor/htmx/htmx.min.js", "web/mark.svg",
                 "web/vendor/lucide/icons.svg",
                 "web/vendor/source-sans/source-sans-3-latin-wght-normal.woff2"]  # fmt: skip
        names += [name for name in statics.statics()._sources if name.startswith("browser/web/")]
        weight = sum(
            len(asset.packed or asset.body)
            for asset in (statics.statics().asset(name) for name in names)
        )

        assert weight < 120_000
