"""What users run in their own CI: the composite action, the workflow of new projects, and shallow clones."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from projects import SETTINGS, THEME, ProjectCopy, run_brief

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow
ACTION = ROOT / "action.yml"
STARTER = ROOT / "src/brief/starters/common/.github"
WORKFLOW = STARTER / "workflows/briefings.yml"


def test_no_folder_of_tests_is_left_out(pytestconfig: pytest.Config) -> None:
    """Of itself, pytest looks into no folder named `build`, and does not say so."""
    folders = {part for path in ROOT.glob("tests/**/test_*.py") for part in path.relative_to(ROOT).parent.parts}
    left_out = pytestconfig.getini("norecursedirs")
    assert [name for name in folders if any(fnmatch(name, pattern) for pattern in left_out)] == []


def load_steps() -> list[dict[str, object]]:
    steps = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]
    assert isinstance(steps, list)
    return steps


def stub(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that replace those that change the machine; each notes how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("apt-get", "dpkg-query"):
        stub(folder, name, f'echo {name} "$@" >> {tmp_path}/called; exit {int(name == "dpkg-query")}')
    stub(folder, "sudo", 'exec "$@"')
    brief = Path(sys.executable).with_name("brief")
    # Makes an environment in which pip only notes what it was asked for.
    python = folder / "environment-python"
    stub(folder, python.name, f"""printf '%s\\n' python "$@" >> '{tmp_path}/called'""")
    venv = f"""[ "$1 $2" = "-m venv" ] && mkdir -p "$3/bin" && cp '{python}' "$3/bin/python" && ln -sf '{brief}' "$3/bin/brief" """
    stub(folder, "python3", venv)
    return folder


def run_action(machine: Path, cwd: Path, inputs: Mapping[str, str]) -> "list[subprocess.CompletedProcess[str]]":
    """Runs the shell steps of the action as a runner does: with the inputs filled in, until one fails."""
    given = {
        name: each.get("default", "") for name, each in yaml.safe_load(ACTION.read_text("utf-8"))["inputs"].items()
    }
    given |= inputs
    temporary = machine.parent / "runner temp"
    temporary.mkdir(exist_ok=True)
    added = temporary / "path"
    added.touch()
    done = []
    for step in load_steps():
        wanted = re.fullmatch(r"inputs\.([a-z-]+) == '(\w+)'", str(step.get("if", "")))
        if "run" not in step or (wanted is not None and given[wanted[1]] != wanted[2]):
            continue
        written = step.get("env", {})
        assert isinstance(written, dict)
        environment = {
            name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
            for name, value in written.items()
        }
        shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", str(step["run"])]
        ran = subprocess.run(
            shell,
            cwd=cwd,
            env={
                **os.environ,
                "PATH": ":".join([*reversed(added.read_text("utf-8").splitlines()), str(machine), os.environ["PATH"]]),
                **environment,
                "RUNNER_TEMP": str(temporary),
                "GITHUB_PATH": str(added),
                "GITHUB_OUTPUT": str(cwd / "outputs"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        done.append(ran)
        if ran.returncode:
            break
    return done


@pytest.mark.parametrize(("schema", "path"), [("github-actions", ACTION), ("github-workflows", WORKFLOW)])
def test_the_action_and_the_workflow_are_valid(schema: str, path: Path) -> None:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    ran = subprocess.run(program, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_inputs_reach_scripts_through_the_environment_only() -> None:
    """What is pasted into a script could be a command (docs.github.com, "Script injections")."""
    assert [step for step in load_steps() if "${{" in str(step.get("run", ""))] == []


def test_new_projects_have_the_action_and_use_it(tmp_path: Path) -> None:
    assert run_brief("new", "demo", cwd=tmp_path).status == 0
    assert (tmp_path / "demo/.github/actions/brief/action.yml").read_bytes() == ACTION.read_bytes()
    steps = yaml.safe_load((tmp_path / "demo/.github/workflows/briefings.yml").read_text("utf-8"))["jobs"]["build"][
        "steps"
    ]
    uses = {step["uses"]: step.get("with", {}) for step in steps}
    assert uses["./.github/actions/brief"].items() <= {"build": "true", "build-arguments": "--zip"}.items()
    (checkout,) = (name for name in uses if name.startswith("actions/checkout@"))
    assert uses[checkout]["fetch-depth"] == 0


@pytest.mark.parametrize("path", [ACTION, WORKFLOW, ROOT / ".github/workflows/ci.yml"], ids=lambda path: path.name)
def test_actions_of_others_are_pinned_to_a_commit(path: Path) -> None:
    """A tag can be moved to other code; the comment says which release the commit is."""
    others = re.findall(r"uses: (?!\./)(.*)", path.read_text("utf-8"))
    assert others
    assert [each for each in others if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)] == []


def test_the_action_installs_the_version_that_it_belongs_to() -> None:
    default = yaml.safe_load(ACTION.read_text("utf-8"))["inputs"]["package"]["default"]
    assert (
        default == f"brief-press=={tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))['project']['version']}"
    )


def test_the_action_installs_checks_and_builds(project: ProjectCopy, machine: Path, tmp_path: Path) -> None:
    inputs = {"build": "true", "build-arguments": "-a public -l en -f html", "package": "brief-press[mail]"}
    done = run_action(machine, project.root, inputs)
    assert [ran.returncode for ran in done] == [0, 0, 0, 0, 0], done[-1].stderr
    called = (tmp_path / "called").read_text("utf-8")
    assert "apt-get install -q --yes --no-install-recommends libpango-1.0-0" in called
    assert called.endswith("python\n-m\npip\ninstall\n--quiet\n--disable-pip-version-check\n--\nbrief-press[mail]\n")
    assert (project.root / "outputs").read_text("utf-8") == "output=output\n"
    assert list(project.root.glob("output/*/public/*.html"))


def test_no_input_is_taken_for_a_command(project: ProjectCopy, machine: Path, tmp_path: Path) -> None:
    hostile = "a b; touch owned; $(touch owned) `touch owned` ' \" && *"
    folder = tmp_path / hostile
    project.root.rename(folder)
    inputs = {"project": hostile, "package": hostile, "output": f"{hostile} out", "build": "true"}
    done = run_action(machine, tmp_path, {**inputs, "build-arguments": "-a public -l en\n-f html"})
    assert [ran.returncode for ran in done] == [0, 0, 0, 0, 0], done[-1].stderr
    assert (tmp_path / "called").read_text("utf-8").endswith(f"\n--\n{hostile}\n")
    assert (tmp_path / "outputs").read_text("utf-8") == f"output={hostile} out\n"
    # All lines of the arguments count: only one file was asked for.
    built = [path.name for path in (tmp_path / f"{hostile} out").rglob("night-buses.*") if path.is_file()]
    assert built == ["night-buses.public.en.html"]
    done = run_action(machine, tmp_path, {"project": hostile, "build": "true", "build-arguments": f"-a {hostile}"})
    assert done[-1].returncode == 2
    assert list(tmp_path.rglob("owned")) == []


@pytest.mark.parametrize(
    "inputs",
    [
        {"check": "yes"},
        {"strict": "True"},
        {"build": ""},
        {"build": "true\n"},
        {"strict": "$(touch owned)"},
        {"output": ""},
        {"output": "output\nother=x"},
    ],
)
def test_an_input_with_another_value_ends_the_run(project: ProjectCopy, machine: Path, inputs: dict[str, str]) -> None:
    """Unknown values would be taken for "false": nothing would be checked, and the run would be green."""
    done = run_action(machine, project.root, inputs)
    assert [ran.returncode for ran in done] == [1]
    assert done[0].stdout.startswith(f"::error::The input '{next(iter(inputs))}' is ")
    assert not (project.root / "owned").exists()


def test_a_project_in_a_folder_is_annotated_by_its_path_in_the_repository(project: ProjectCopy, machine: Path) -> None:
    project.write(THEME, project.read(THEME).replace("reader-survey/riders-growth", "reader-survey/unknown", 1))
    done = run_action(machine, project.root.parent, {"project": project.root.name})
    assert done[-1].returncode == 1
    assert f"::error file={project.root.name}/{THEME},line=" in done[-1].stdout


def test_the_action_annotates_errors_and_does_not_build(project: ProjectCopy, machine: Path) -> None:
    project.write(THEME, project.read(THEME).replace("reader-survey/riders-growth", "reader-survey/unknown", 1))
    done = run_action(machine, project.root, {"build": "true"})
    assert [ran.returncode for ran in done] == [0, 0, 0, 1]
    assert f"::error file={THEME},line=" in done[-1].stdout
    assert not (project.root / "output").exists()


def test_warnings_fail_a_strict_check(project: ProjectCopy, machine: Path) -> None:
    project.write("content/themes/unused.yaml", project.read(THEME))
    assert run_action(machine, project.root, {})[-1].returncode == 0
    assert run_action(machine, project.root, {"strict": "true"})[-1].returncode == 1


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_shallow_clone_says_how_to_get_its_history(project: ProjectCopy, tmp_path: Path) -> None:
    git(project.root, "init", "-q", "-b", "main")
    for title in ("one", "two"):
        project.write(SETTINGS, project.read(SETTINGS) + f"# {title}\n")
        git(project.root, "add", ".")
        git(project.root, "commit", "-q", "-m", title)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{project.root}", "shallow")
    shallow = tmp_path / "shallow"
    ran = run_brief("build", "--since", "HEAD~1", "-a", "public", "-l", "en", "-f", "html", cwd=shallow)
    assert ran.status == 2
    assert "shallow clone" in ran.stderr
    assert "'fetch-depth: 0'" in ran.stderr
    git(shallow, "fetch", "-q", "--unshallow")
    ran = run_brief("build", "--since", "HEAD~1", "-a", "public", "-l", "en", "-f", "html", cwd=shallow)
    assert ran.status == 0, ran.stderr


def test_the_container_recipe_copies_what_the_package_is_built_from() -> None:
    """It is not built here, so its parts are compared with what they must agree with."""
    recipe = (ROOT / "Containerfile").read_text("utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--from)(.*)$", recipe, re.MULTILINE) for name in line.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    ignored = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    assert {name[1:] for name in ignored if name.startswith("!")} == copied
    assert {"pyproject.toml", "src", "templates"} <= copied
    assert re.search(r"^USER brief$", recipe, re.MULTILINE)
    # Another user, to whom the mounted project belongs, needs a place for the caches of fonts and builds.
    home = re.search(r"\bHOME=(\S+)", recipe)
    assert home is not None
    assert f"chmod 1777 {home[1]}" in recipe
    (action,) = (str(step["run"]) for step in load_steps() if step.get("name") == "Install libraries and fonts")
    needed = re.search(r'packages="([^"]+)"', action)
    assert needed is not None
    assert all(package in recipe for package in needed[1].split())
