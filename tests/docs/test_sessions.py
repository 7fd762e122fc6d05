"""The commands and programs of pages that need a project, run one after another as the pages print them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import xlsxwriter
from certificates import authority
from doc_snippets import PAGES, list_snippets, run_shell
from docx import Document
from mail_server import PASSWORD, USER, ReceivingServer

from brief.mail.send.server import Security

pytestmark = pytest.mark.slow

# Commands that other tests run: they go on until they are stopped, or need a mail server, a cluster or another host.
_ELSEWHERE = re.compile(
    r"brief (serve|mail (preview|send (?!.*--dry-run)|bounces|resolve)|build --cluster)|keyring|pip|export BRIEF_|dask"
)


def read_page(name: str) -> str:
    return next(page.read_text("utf-8") for page in PAGES if page.name == name)


def list_steps(name: str) -> str:
    """Returns the shell snippets of a page as a script, without the commands that other tests run."""
    texts = "\n".join(text for page, text in list_snippets("sh") if page == name)
    return "\n".join(line for line in texts.splitlines() if not _ELSEWHERE.match(line))


def run_in_demo(script: str, folder: Path, cache: Path) -> str:
    """Runs a script in a new project of the starter for research briefings, below the folder."""
    return run_shell(f"brief new demo --starter research\ncd demo\n{script}", folder, cache=cache)


def run_python(page: str, number: int, folder: Path, cache: Path) -> dict[str, object]:
    """Runs a Python snippet of a page in a folder; returns its names as text, except those of classes and functions."""
    snippet = [text for name, text in list_snippets("python") if name == page][number]
    shown = "\nprint(__import__('json').dumps({name: str(value) for name, value in list(globals().items())}))"
    environment = {**os.environ, "BRIEF_CACHE_DIR": str(cache)}
    program = [sys.executable, "-c", snippet + shown]
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return names


def test_the_quick_start_prints_what_the_readme_shows(tmp_path: Path, shared_cache: Path) -> None:
    quick_start = [text for page, text in list_snippets("sh") if page == "README.md"][1]
    (tmp_path / "clone").mkdir()
    steps = quick_start.replace('export PATH="$PWD/.venv/bin:$PATH"', ":")
    steps = steps.replace("git commit", "git -c user.name=A -c user.email=a@example.org commit")
    mistake = "'s/riders-growth} in the/riders-grwth} in the/'"
    said = run_shell(
        f"""cd clone
{steps}
test -f output/night-buses/council/night-buses.council.zh-Hant.pdf
sed -i {mistake} content/themes/ridership.yaml
brief check || brief explain unknown-claim
git checkout -q content
sed -i s/2_650_000/2_710_000/ seeds/reader-survey.yaml
brief diff HEAD
brief build --draft -a council -l zh-Hant -f pdf
""",
        tmp_path,
        cache=shared_cache,
    )
    page = read_page("README.md")
    built = re.search(r"brief build +# (\d+) files in (\S+)", quick_start)
    assert built is not None
    assert said.count(f"{built[2]}") >= int(built[1])
    (error,) = re.findall(r"^```\n(content/themes/ridership.*?)^```", page, re.M | re.S)
    (changes,) = re.findall(r"^```\n\$ brief diff HEAD\n(.*?)…\n```", page, re.M | re.S)
    assert error in said
    assert changes in said
    run_python("README.md", 0, tmp_path / "demo", shared_cache)
    assert [path.name for path in (tmp_path / "demo/drafts").rglob("*.pdf")]


@pytest.mark.parametrize("page", ["packs.md", "checking.md", "snapshots.md"])
def test_commands_do_what_the_page_says(page: str, tmp_path: Path, shared_cache: Path) -> None:
    assert run_in_demo(list_steps(page), tmp_path, shared_cache)


@pytest.mark.parametrize("page", ["mail.md", "sending.md"])
def test_messages_are_planned_as_the_page_says(page: str, tmp_path: Path, shared_cache: Path) -> None:
    for kind in ("csv", "yaml"):
        listed = next(text for name, text in list_snippets(kind) if name == "mail.md")
        # A numbered copy is in a pack that was built with --copies.
        people = re.sub(r", copy: 12|,12$", "" if kind == "yaml" else ",", listed, flags=re.M)
        (tmp_path / f"people.{kind}").write_text(people, "utf-8")
    said = run_in_demo(f"cp ../people.* .\n{list_steps(page)}", tmp_path, shared_cache)
    assert "zoe@example.com" in said
    assert (tmp_path / "demo/plan.json").is_file()


def test_messages_are_sent_as_the_page_says(
    tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first commands of the page, and its program, each with a server that encrypts."""
    trusted = authority(tmp_path)
    monkeypatch.setenv("BRIEF_SMTP_CA", trusted.file)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "people.yaml").write_text(
        "recipients: [{name: Zoe, address: zoe@example.com, audience: council, locale: en, clearance: internal}]\n"
    )
    steps = next(text for page, text in list_snippets("sh") if page == "sending.md")
    with ReceivingServer(trusted.context()) as receiver:
        url = f"smtp+starttls://{quote(USER)}:{quote(PASSWORD, safe='')}@localhost:{receiver.server().port}"
        run_in_demo("cp ../people.yaml .\n" + re.sub(r"smtp\+starttls://[^']+", url, steps), tmp_path, shared_cache)
        assert [recipient for recipient, _ in receiver.received] == ["zoe@example.com"]
    with ReceivingServer(trusted.context(), Security.TLS) as receiver:
        at = f'"localhost", {receiver.server().port}, {USER!r}, {PASSWORD!r}, {trusted.file!r}'
        program = next(text for page, text in list_snippets("python") if page == "sending.md")
        program = program.replace('"mail.example.org", 465, "user", password', at)
        run_shell(
            "sed -i s/zoe@/lee@/ people.yaml; brief mail plan people.yaml --from briefings@example.org",
            tmp_path / "demo",
            cache=shared_cache,
        )
        environment = {**os.environ, "BRIEF_CACHE_DIR": str(shared_cache)}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path / "demo", env=environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert [recipient for recipient, _ in receiver.received] == ["lee@example.com"]


def test_translations_go_out_and_come_back(tmp_path: Path, shared_cache: Path) -> None:
    program = f"""#!{sys.executable}
import json, sys
for each in map(json.loads, sys.stdin):
    print(json.dumps({{"id": each["id"], "target": each["previous_target"]}}))
"""
    (tmp_path / "mt").write_text(program, "utf-8")
    (tmp_path / "mt").chmod(0o755)
    # A text that one locale lacks, and one whose translations are older.
    theme = "content/themes/ridership.yaml"
    edits = f"sed -i -e '/^    zh-Hant: 試辦/d' -e 's/Transport counted/Transport has counted/' {theme}"
    steps = list_steps("translating.md").replace("-l de", "-l zh-Hans").replace("block/costs", "block/what-changed")
    said = run_in_demo(f"PATH=$PWD/..:$PATH\n{edits}\n{steps}", tmp_path, shared_cache)
    assert "accepted" in said
    assert (tmp_path / "demo/terms.tbx").is_file()


def test_documents_and_tables_are_imported(tmp_path: Path) -> None:
    commands = [line for line in read_page("import.md").splitlines() if line.startswith("brief import ")]
    assert len(commands) == 6
    translated = next(each for each in commands if " -l " in each)
    document, chinese = Document(), Document()
    for each, heading, words in ((document, "Outlook", "Prices may rise."), (chinese, "前景", "价格可能上涨。")):
        each.add_heading(heading, 1)
        each.add_paragraph(words)
    (tmp_path / "demo").mkdir()
    document.save(str(tmp_path / "demo/report.docx"))
    chinese.save(str(tmp_path / "demo/report.zh-Hans.docx"))
    with xlsxwriter.Workbook(tmp_path / "demo/fleet.xlsx") as workbook:
        sheet = workbook.add_worksheet("Monthly")
        for number, row in enumerate(
            (["Route", "Month", "Energy (kWh)"], ["7", "2026-01", 120], ["7", "2026-02", 131])
        ):
            sheet.write_row(number, 0, row)
    (tmp_path / "demo/report.md").write_text("# Demand\n\nIt grew.\n")
    (tmp_path / "demo/refs.bib").write_text(
        "@book{lee2024, title={Grids}, author={Lee, A}, publisher={Press}, year=2024}\n"
    )
    (tmp_path / "demo/refs.json").write_text(
        json.dumps([{"id": "kim", "type": "book", "title": "Rail", "issued": {"date-parts": [[2025]]}}])
    )
    run_shell("mkdir given && mv demo/* given && brief new demo && cp given/* demo", tmp_path)
    lines = [f"{each} --clearance public" if "fleet" not in each else each for each in commands if each != translated]
    said = run_shell(
        "cd demo\n" + "\n".join(lines) + f"\n{translated} --clearance public --translation-of report.docx",
        tmp_path,
    )
    assert "价格可能上涨。" in (tmp_path / "demo/content/themes/outlook.yaml").read_text("utf-8")
    assert (tmp_path / "demo/seeds/operator.yaml").is_file(), said


def test_the_api_answers_the_requests_of_the_page(tmp_path: Path, shared_cache: Path) -> None:
    token, requests = (
        next(text for page, text in list_snippets("sh") if page == "http-api.md" and text.startswith(start))
        for start in ("brief token", "curl")
    )
    said = run_shell("export XDG_CONFIG_HOME=$PWD\n" + token, tmp_path)
    assert "newsroom" in said
    run_shell("brief new demo --starter research", tmp_path)
    settings = tmp_path / "demo/content/brief.yaml"
    settings.write_text(re.sub(r"^id: .*", "id: night-buses", settings.read_text("utf-8"), flags=re.M), "utf-8")
    environment = {**os.environ, "BRIEF_CACHE_DIR": str(shared_cache)}
    command = [sys.executable, "-m", "brief", "serve", "--api", "--no-browser", "-C", str(tmp_path / "demo")]
    with subprocess.Popen(
        [*command, "--state", str(tmp_path / "state")], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            (port,) = re.findall(r":(\d+)/", server.stdout.readline())
            listed, described, posted, events, artifact = re.split(r"\n(?=curl)", requests.replace(":8000", f":{port}"))
            ran = [run_shell(each, tmp_path) for each in (listed, described, posted)]
            assert '"night-buses"' in ran[0]
            assert '"council"' in ran[1]
            followed = run_shell(events.replace("ID", json.loads(ran[2])["id"]), tmp_path)
            (built,) = json.loads(followed.rpartition("data: ")[2])["artifacts"]
            run_shell(artifact.replace("SHA256", built["sha256"]), tmp_path)
            sent = (tmp_path / "night-buses.council.en.pdf").read_bytes()
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                assert client.get(built["url"]).content == sent
        finally:
            server.terminate()


def test_the_library_builds_as_the_page_does(tmp_path: Path, shared_cache: Path) -> None:
    run_shell("brief new path --starter research", tmp_path)
    run_python("library.md", 0, tmp_path, shared_cache)
    assert [path.suffix for path in (tmp_path / "drafts").rglob("*.zh-Hant.*")] == [".pdf"]


def test_a_message_is_composed_as_the_page_does(tmp_path: Path, shared_cache: Path) -> None:
    run_shell("brief new demo --starter research", tmp_path)
    composed = run_python("mail.md", 1, tmp_path, shared_cache)
    assert "chen@example.org" in str(composed["message"])


BRIEF = """\
id: lines
title: {en: Lines}
publisher: {en: Example Research}
date: 2026-07-01
locales: [en]
source_locale: en
themes: [routes]
audiences: [council]
"""
THEME = {
    "id": "routes",
    "title": {"en": "Routes"},
    "clearance": "public",
    "summary": {"en": "One route."},
    "takeaways": [{"en": "Route 7 had {operator/fleet[7,2026-03].riders} riders."}],
    "blocks": [],
}
SOURCE = """\
id: operator
title: {en: Register}
publisher: {en: Operator}
date: 2026-06
language: en
clearance: public
"""


def test_a_program_gives_data_and_files(tmp_path: Path, shared_cache: Path) -> None:
    """The two programs of the page, with the dataset that it declares and a record that it shows."""
    _, from_folder, from_content = (text for page, text in list_snippets("python") if page == "library.md")
    (declared,) = (text for page, text in list_snippets("yaml") if page == "library.md")
    given = {
        "frame": [{"route": "7", "month": "2026-03", "riders": 1200, "Energy (kWh)": 90, "margin": 0.1}],
        "text": BRIEF,
        "theme": THEME,
        "record": f"{SOURCE}{declared}\nclaims: []\n",
        "picture": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    }
    program = f"""
from pathlib import Path
from brief import Project
globals().update({given!r})
{from_content}
assert "1,200" in project.build(formats=["html"], jobs=1)["council", "en", "html"].data.decode()
for name, content in {{"brief.yaml": text, "themes/routes.yaml": theme, "../seeds/operator.yaml": record,
                      "audiences/council.yaml": dict(id="council", title=dict(en="Council"), clearance="public",
                                                     formats=["html"], themes=["routes"])}}.items():
    path = Path("path/content", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else __import__("json").dumps(content))
{from_folder}
assert "operator/fleet" in str(project.brief.datasets)
"""
    environment = {**os.environ, "BRIEF_CACHE_DIR": str(shared_cache)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
