"""Texts, formulas, reports of mail servers, chart specifications and requests: as `test_parsers.py`."""

import contextlib
import io
import zipfile
from pathlib import Path
from urllib.parse import unquote

import h11
from bounce_samples import exim, qmail, report
from fuzzing import archives, documents, encoded_texts, files, fuzz
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Message

from brief.mail.bounces.report import read_report
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import UNKNOWN_LOCATION, Ref, SourceLocation
from brief.reading.layout import VEGA
from brief.reading.tables import sheets, workbook
from brief.reading.tables.dataset_guess import write_dataset
from brief.reading.texts import markup, prose
from brief.reading.texts.formulas import FormulaError, read_formula
from brief.reading.vega.specifications import read_specification
from brief.web.access_control import AccessControl
from brief.web.api.pack_requests import read_pack_request
from brief.web.api.problems import ProblemError
from brief.web.languages import choose_language
from brief.web.strict_http import StrictConnection

HERE = SourceLocation("a", 1, 1)
PROSE = (
    b"# A\n\nText **b** *c* [d](https://example.org) {s/c} [@s/c] `e` $x^2$ H~2~O[^1].\n\n[^1]: Note.\n\n- f\n  1. g\n\n"
    b"> h\n\n| a | b |\n|---|--:|\n| c | d |\n\n```\ni\n```\n\n$$\\frac{a}{b}$$\n"
)


@fuzz(files(PROSE))
def test_prose(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    prose.parse_prose(text, HERE, lambda: lambda _: HERE, DiagnosticSink())


@fuzz(files(b"a **b *c*** [d](https://example.org/{s/c}) `{s/c}` \\{x\\} {s/c:round(2)} [@s/c] H~2~O {s/d[k].c}"))
def test_phrases(data: bytes) -> None:
    markup.parse(data.decode("utf-8", "replace"), HERE, lambda _: HERE, DiagnosticSink())


COMMANDS = (
    *(r"\frac", r"\sqrt", r"\left(", r"\right)", r"\begin{matrix}", r"\end{matrix}", r"\text{a}", r"\sum", r"\limits"),
    *(
        "{",
        "}",
        "{x}",
        "_",
        "^",
        "&",
        r"\\",
        "x",
        "1",
        "'",
        r"\overline",
        r"\mathrm{d}",
        r"\over",
        r"\hline",
        r"\left.",
    ),
)
FORMULAS = (
    rb"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}",
    rb"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    rb"\sum_{i=1}^{n} \text{cost}_i \le \left( \frac{1}{2} \right)",
)


@fuzz(
    st.one_of(
        files(*FORMULAS),
        st.lists(st.sampled_from(COMMANDS), max_size=60).map(lambda found: "".join(found).encode()),
        st.tuples(st.sampled_from(COMMANDS), st.integers(1, 500)).map(lambda pair: (pair[0] * pair[1]).encode()),
    ),
    FormulaError,
)
def test_formulas(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for is_display in (False, True):
        try:
            read_formula(text, is_display=is_display)
        except FormulaError:
            continue


REPORTS = (
    report("ann@example.net", "<1@example.org>"),
    report("ann@example.net", "<1@example.org>", whole=True, original="Ann@Example.net"),
    report("ann@example.net", "<1@example.org>", kind="message/global-delivery-status"),
    qmail("ann@example.net", "<1@example.org>"),
    exim("ann@example.net", "<1@example.org>"),
)


@fuzz(files(*REPORTS))
def test_reports_of_mail_servers(data: bytes) -> None:
    read_report(data)


SPECIFICATION = b"""{"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "data": {"name": "riders"},
 "title": {"en": "Riders", "zh-Hans": "x"}, "transform": [{"fold": ["a", "b"]}, {"calculate": "datum.a + 1", "as": "c"}],
 "layer": [{"mark": {"type": "bar", "color": {"colour": "accent"}}, "encoding": {"x": {"field": "year", "type": "ordinal",
 "axis": {"title": {"en": "Year", "zh-Hans": "y"}}}, "y": {"field": "riders", "type": "quantitative"}}}]}"""


def test_specifications(tmp_path: Path) -> None:
    (tmp_path / VEGA).mkdir(parents=True)
    path = tmp_path / VEGA / "a.json"

    @fuzz(files(SPECIFICATION))
    def run(data: bytes) -> None:
        path.write_bytes(data)
        read_specification(tmp_path, Ref("a.json"), ("en", "zh-Hans"), DiagnosticSink(), {})

    run()


ORDER = b"""{"brief": "night-buses", "audiences": ["public"], "locales": ["en"], "formats": ["html"],
 "data": {"s/riders": [{"city": "a", "riders": 1.5, "open": true, "none": null}]}}"""


@fuzz(documents(ORDER), ProblemError)
def test_requests(data: bytes) -> None:
    read_pack_request(data)


FIRST_SEGMENT = "secret"
HEADS = (
    b"GET /secret/en/?audience=public HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAccept-Language: en-GB;q=0.5, zh\r\n"
    b'Origin: http://127.0.0.1:80\r\nSec-Fetch-Site: cross-site\r\nIf-None-Match: "a", W/"b"\r\n\r\n',
    b"POST /api/packs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer brief_a\r\nContent-Length: 2\r\n\r\n{}",
    b"GET / HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\nUpgrade: h2c\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
)


@fuzz(files(*HEADS), h11.RemoteProtocolError)
def test_heads_of_requests(data: bytes) -> None:
    """What the server accepts is answered, and every header is one line."""
    for size in (len(data) or 1, 7):
        connection = StrictConnection(h11.SERVER, max_incomplete_event_size=16_384)
        for begin in range(0, len(data), size):
            connection.receive_data(data[begin : begin + size])
            while (event := connection.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                if isinstance(event, h11.Request):
                    assert not any(mark in value for _, value in event.headers for mark in (b"\r", b"\n", b"\0"))
                    answer(event)


def answer(request: h11.Request) -> None:
    path, _, query = request.target.partition(b"?")
    scope = {
        "type": "http", "http_version": request.http_version.decode(), "method": request.method.decode(),
        "scheme": "http", "path": unquote(path.decode("ascii")), "raw_path": path, "query_string": query,
        "headers": list(request.headers), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    choose_language(Headers(scope=scope).get("accept-language", ""))
    found: list[Message] = []

    async def send(message: Message) -> None:
        found.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    guarded = AccessControl(PlainTextResponse("seen"), FIRST_SEGMENT)
    # It waits for nothing, so that one step runs it to its end.
    with contextlib.suppress(StopIteration):
        guarded(scope, receive, send).__await__().__next__()
    assert found[0]["status"] != 200 or path.startswith(b"/secret"), path


def open_document() -> dict[str, bytes]:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    text = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    figure = (
        '<table:table-cell table:number-columns-spanned="2" table:number-columns-repeated="2" '
        'office:value-type="percentage" office:value="0.125"><text:p>12,5 %</text:p></table:table-cell>'
    )
    rows = "".join(
        f'<table:table-row table:number-rows-repeated="1">{cells}</table:table-row>'
        for cells in (text * 3, text + figure)
    )
    return {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b"<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>",
        "content.xml": (
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Monthly">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>"
        ).encode(),
    }


@fuzz(archives(open_document()))
def test_workbooks_of_open_document(data: bytes) -> None:
    sink = DiagnosticSink()
    read = sheets.read_workbook("a.ods", data, None, None, UNKNOWN_LOCATION, sink)
    if read is not None:
        write_dataset(read, "data/a.ods", None, DiagnosticSink())
    workbook.read_first_sheet("a.ods", data, sink)


@fuzz(encoded_texts)
def test_prose_of_marks(data: bytes) -> None:
    prose.parse_prose(data.decode("utf-8", "replace"), HERE, lambda: lambda _: HERE, DiagnosticSink())


def test_the_sound_texts_are_sound() -> None:
    sink = DiagnosticSink()
    assert prose.parse_prose(PROSE.decode(), HERE, lambda: lambda _: HERE, sink)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in open_document().items():
            archive.writestr(name, data)
    assert sheets.read_workbook("a.ods", buffer.getvalue(), None, None, UNKNOWN_LOCATION, sink) is not None
    assert read_pack_request(ORDER).audiences == ("public",)
    assert all(read_report(data) for data in REPORTS)
    for formula in FORMULAS:
        read_formula(formula.decode(), is_display=True)
    assert [each.code for each in sink.found] == []
