"""What is ordered from the library: names that the brief has, and a warning if rendering will be slow."""

import subprocess
import sys
from pathlib import Path

import pytest
from projects import STARTER, ProjectCopy, run_brief

from brief import Project, RequestError
from brief.fonts import installed


@pytest.fixture(scope="module")
def loaded() -> Project:
    return Project.load(STARTER)


@pytest.mark.parametrize(("what", "name"), [("audiences", "council"), ("locales", "en"), ("formats", "pdf")])
def test_a_bare_name_is_not_taken_for_its_letters(loaded: Project, what: str, name: str) -> None:
    with pytest.raises(RequestError, match=rf"write {what}=\['{name}'\]"):
        loaded.build(**{what: name})  # type: ignore[arg-type]


def test_any_collection_of_names_will_do(loaded: Project) -> None:
    pack = loaded.build(audiences={"council"}, locales=(tag for tag in ("en",)), formats=["html"], jobs=1)
    assert [(artifact.audience, artifact.locale, artifact.format) for artifact in pack] == [("council", "en", "html")]


@pytest.mark.parametrize(
    ("audience", "locale", "said"),
    [
        ("nobody", "en", "there is no audience 'nobody': known: council, public"),
        ("counsil", "en", "did you mean 'council'?"),
        ("council", "zh-hans", "did you mean 'zh-Hans'?"),
    ],
)
def test_an_unknown_variant_is_reported_with_the_known_ones(
    loaded: Project, audience: str, locale: str, said: str
) -> None:
    with pytest.raises(RequestError) as caught:
        loaded.make_variant(audience, locale)
    assert said in str(caught.value)


def test_a_format_that_no_audience_is_published_in_is_told_from_an_unknown_one(loaded: Project) -> None:
    with pytest.raises(RequestError, match="no audience is published as 'md': list it under 'formats:'"):
        loaded.build(formats=["html", "md"])
    with pytest.raises(RequestError, match="there is no format 'odt': known: "):
        loaded.build(formats=["odt"])


class TestWithoutTheLibraryThatCutsFonts:
    @pytest.fixture(autouse=True)
    def _without(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(installed, "_SUBSETTER", ("libnowhere.so.0",))

    def test_a_check_says_so_once(self, project: ProjectCopy) -> None:
        status, found = project.check()
        assert (status, [(diagnostic.severity, diagnostic.code) for diagnostic in found]) == (
            0,
            [("warning", "slow-subsetter")],
        )
        assert "libharfbuzz-subset0" in found[0].hint

    def test_a_build_reports_it_once(self, project: ProjectCopy) -> None:
        for form, times in (("html", 0), ("pdf", 1)):
            built = project.run("build", "-a", "public", "-f", form, "--jobs", "1", "--replace")
            assert built.status == 0
            assert built.stderr.count("warning[slow-subsetter]") == times


def test_a_build_goes_on_in_a_thread_that_outlives_the_main_one(project: ProjectCopy) -> None:
    program = (
        "import sys, threading, time; from brief import Project; project = Project.load(sys.argv[1])\n"
        "def build():\n"
        "    threading.main_thread().join()\n"
        "    print(len(project.build(formats=['html'], jobs=1)))\n"
        "threading.Thread(target=build).start()\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, project.root], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("6\n", "")


@pytest.mark.parametrize("url", ["foo", "localhost:8786", "http://localhost:8786", "tcp://"])
def test_an_address_that_is_no_cluster_s_is_wrong_usage_at_once(tmp_path: Path, url: str) -> None:
    ran = run_brief("build", "--cluster", url, cwd=tmp_path)
    assert ran.status == 2
    assert "write it as tcp://HOST:8786" in ran.stderr


@pytest.mark.parametrize(
    "url",
    [
        "tcp://10.0.0.7:8786",
        "tcp://scheduler:8786",
        "tcp://localhost.example.org:8786",
        "tcp://127.0.0.1.example.org:8786",
        "tcp://127.0.0.1@example.org:8786",
        "tcp://[2001:db8::1]:8786",
        "tcp://[127.0.0.1:8786",
        "tcp://0.0.0.0:8786",
        "ws://10.0.0.7:8786",
        "ucx://10.0.0.7:8786",
    ],
)
def test_content_does_not_leave_the_machine_in_plain_text_unasked(project: ProjectCopy, url: str) -> None:
    ran = project.run("build", "--cluster", url)
    assert ran.status == 2
    assert "use tls://, or add --allow plain-text" in ran.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("tcp://127.0.0.1:1",),
        ("tcp://127.8.9.10:1",),
        ("tcp://[::1]:1",),
        ("tcp://localhost:1",),
        ("tls://127.0.0.1:1",),
        ("tcp://192.0.2.1:1", "--allow", "plain-text"),
    ],
    ids=lambda args: args[0],
)
def test_a_cluster_here_or_allowed_is_asked(
    project: ProjectCopy, args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brief.build.cluster.CONNECT_SECONDS", 0.2)
    ran = project.run("build", "--cluster", *args)
    assert (ran.status, "cannot reach a cluster at" in ran.stderr) == (5, True), ran.stderr
