"""Adds a command, a diagnostic, a unit and a web endpoint by the recipes of src/brief/README.md, in a copy of the source."""

from pathlib import Path

import pytest
from projects import SEED, ProjectCopy
from source_copy import SourceCopy

pytestmark = pytest.mark.slow

COMMAND = '''"""`brief count`: the number of YAML files of the project."""

from pathlib import Path

import click


@click.command()
def command() -> None:
    """Count the YAML files below the working directory."""
    click.echo(len(list(Path().rglob("*.yaml"))))
'''
CHECK = '''"""Warns of texts in capitals."""

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation


def warn_of_capitals(sink: DiagnosticSink, location: SourceLocation) -> None:
    """Warns that the text at the location is in capitals."""
    sink.add_warning("all-capitals", location, "the text is in capitals", "write it in lower case")
'''
EXPLANATION = """
[all-capitals]
summary = 'A text is written in capitals.'
fix = 'Write it in lower case.'
"""
ROW = '    "lap": OwnUnit("{n} lap", "{n} laps"),\n'
MESSAGE = """
msgctxt "unit"
msgid "{n} lap"
msgid_plural "{n} laps"
"""
ENDPOINT = '''    async def health(self, _: "Request") -> "Response":
        """Answers that the server is running."""
        from starlette.responses import PlainTextResponse

        return PlainTextResponse("running")

'''
ASKING = """
import asyncio, sys
from pathlib import Path
import httpx
from brief.web.pages import app
from brief.web.build_service import BuildService
from brief.workers.pool import WorkerPool

async def ask():
    root = Path(sys.argv[1])
    with WorkerPool(1) as pool:
        transport = httpx.ASGITransport(app(BuildService(root, pool, 1), token="secret", folder=root / "builds"))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            answer = await client.get("/secret/en/health")
            print(answer.status_code, answer.text if answer.status_code == 200 else "")

asyncio.run(ask())
"""


@pytest.fixture
def source(tmp_path: Path) -> SourceCopy:
    return SourceCopy(tmp_path / "source")


def test_a_command_is_one_module_and_one_line(source: SourceCopy, project: ProjectCopy) -> None:
    source.write("src/brief/cli/commands/count.py", COMMAND)
    unlisted = source.brief("count", cwd=project.root)
    assert (unlisted.returncode, "unknown command 'count'" in unlisted.stderr) == (2, True)
    refused = source.test("tests/cli/test_commands.py")
    assert refused.returncode == 1
    assert "count" in refused.stdout

    source.insert_before("src/brief/cli/main.py", '    "diff": ', '    "count": "Count the YAML files.",\n')
    assert source.test("tests/cli/test_commands.py").returncode == 0
    ran = source.brief("count", cwd=project.root)
    assert (ran.returncode, ran.stdout) == (0, f"{len(list(project.root.rglob('*.yaml')))}\n")
    assert "Count the YAML files." in source.brief("--help").stdout


def test_a_diagnostic_is_one_call_and_one_explanation(source: SourceCopy) -> None:
    explained = "tests/test_explain.py"
    source.write("src/brief/resolve/checks/capitals.py", CHECK)
    unexplained = source.test(explained, "-k", "every_code or current")
    assert unexplained.returncode == 1
    assert "all-capitals" in unexplained.stdout

    source.append("src/brief/explanations.toml", EXPLANATION)
    outdated = source.test(explained, "-k", "every_code or current")
    assert outdated.returncode == 1
    assert "run: python tools/diagnostics.py" in outdated.stdout

    assert source.python("tools/diagnostics.py").returncode == 0
    passed = source.test(explained, "-k", "every_code or current")
    assert passed.returncode == 0, passed.stdout
    assert "written in capitals" in source.brief("explain", "all-capitals").stdout


def test_a_unit_is_one_row_and_its_words(source: SourceCopy, project: ProjectCopy) -> None:
    project.replace(SEED, "unit: minute", "unit: lap")
    unknown = source.brief("check", cwd=project.root)
    assert (unknown.returncode, "unknown unit 'lap'" in unknown.stdout) == (1, True)

    source.insert_before("src/brief/model/figures/units.py", '    "fps": OwnUnit', ROW)
    source.append("src/brief/catalogues/brief.pot", f'{MESSAGE}msgstr[0] ""\nmsgstr[1] ""\n')
    untranslated = source.brief("check", cwd=project.root)
    assert untranslated.returncode == 1
    for locale in ("zh-Hans", "zh-Hant"):
        assert f"error[missing-message]: '{{n}} lap' has no '{locale}' text" in untranslated.stdout

    for locale in ("zh-Hans", "zh-Hant"):
        source.append(f"src/brief/catalogues/{locale}.po", f'{MESSAGE}msgstr[0] "{{n}}圈"\n')
    known = source.brief("check", cwd=project.root)
    assert known.returncode == 0, known.stdout
    built = source.brief("build", "-a", "public", "-f", "html", "-o", project.root / "out", cwd=project.root)
    assert built.returncode == 0, built.stderr
    pages = {path.name.split(".")[2]: path.read_text("utf-8") for path in (project.root / "out").rglob("*.html")}
    assert "laps" in pages["en"]
    assert "圈" in pages["zh-Hans"]
    assert "圈" in pages["zh-Hant"]


def test_a_web_endpoint_is_one_method_and_one_line(source: SourceCopy, project: ProjectCopy) -> None:
    pages = "src/brief/web/pages.py"
    source.insert_before(pages, '    async def _make_offer(self) -> "tuple[LoadedProject, Offer]":\n', ENDPOINT)
    unrouted = source.python("-c", ASKING, project.root)
    assert unrouted.stdout.strip() == "404", unrouted.stderr

    source.insert_before(
        pages,
        '            "/{language}/zip": pages.send_archive,\n',
        '            "/{language}/health": pages.health,\n',
    )
    routed = source.python("-c", ASKING, project.root)
    assert routed.stdout.strip() == "200 running", routed.stderr
