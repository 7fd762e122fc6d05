"""Every diagnostic that the program can raise is explained, the examples are true, and the page of them is current."""

import ast
import dataclasses
import enum
import json
import re
import runpy
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from projects import STARTER, ProjectCopy, run_brief

import brief
from brief.model.blocks import Block, ChartKind
from brief.model.diagnostics import ContentError, Diagnostic
from brief.project.project import Project
from brief.reading.descriptions import describe_type
from brief.reading.explanations import Explanation, load_explanations
from brief.reading.record_hints import list_choice_names, resolve_hints
from brief.reading.schema import FILES
from brief.reading.values import PARSERS
from brief.writers.formats import FORMATS

SOURCE = Path(brief.__file__).parent
ROOT = Path(__file__).parents[1]

# Calls whose first argument is a code.
RAISING = {
    "Diagnostic",
    "make_vega_error",
    "raise_query_error",
    "RasterRefusedError",
    "UndrawableError",
    "add_error",
    "add_warning",
    "add_note",
    "refuse",
    "_warn",
}
# To parse a module takes much longer than to find out that it has no such call.
MAY_RAISE = re.compile(rf"\b(?:{'|'.join(sorted(RAISING))})\s*\(")


def find_choices(hint: Any, seen: set[type]) -> Iterator[type[enum.Enum]]:
    """The enumerations of which content names a member, in a record or in a part of it."""
    for part in get_args(hint):
        yield from find_choices(part, seen)
    if not isinstance(hint, type) or hint in seen:
        return
    seen.add(hint)
    if issubclass(hint, enum.Enum):
        yield hint
    elif dataclasses.is_dataclass(hint):
        for part in resolve_hints(hint).values():
            yield from find_choices(part, seen)


# Scalars, such as periods, are read as a whole.
SEEN: set[type] = set(PARSERS)
CHOICES = [choices for record in FILES.values() for choices in find_choices(record, SEEN)]
# Codes that are put together: of choices and scalars (brief.reading.decode), of names (brief.resolve.checks.references), and
# of the parts of a PDF (brief.snapshots.comparison).
GATED = ("stale-translation", "derived-translation", "drafted-translation")
FAMILIES: Mapping[str, Iterable[str]] = {
    "snapshot-{section.name}": ("pages", "fonts", "outline"),
    "bad-{describe_type(hint)}": {describe_type(hint) for hint in PARSERS if hint is not str},
    # Of what gates decide on (brief.resolve.gates).
    "{translation.state}-translation": ("missing-translation", *GATED),
    "{found.state}-translation": GATED,
    # Of bibliographies (brief.reading.bibliography).
    "bad-{name}": ("url", "doi"),
    "unknown-{what}": (*(choices.__name__.lower() for choices in CHOICES), "clearance", "format"),
    "unknown-{kind}": ("audience", "claim", "term", "theme"),
}
# Codes that are handed on: they are counted where they come from.
HANDED_ON = {
    "*json.loads(str(refused))",
    "code",
    "each.code",
    "found.code",
    "problem.code",
    "record['code']",
    "refused.code",
}


def list_raised_codes(tree: ast.Module) -> Iterator[str]:
    """The codes that a module raises."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        codes = call.args[:1] or [keyword.value for keyword in call.keywords if keyword.arg == "code"]
        if name not in RAISING or not codes:
            continue
        match codes[0]:
            case ast.Constant(str(code)):
                yield code
            case ast.Name(constant) if constant in constants:
                yield str(constants[constant])
            case ast.JoinedStr() as pattern:
                family = ast.unparse(pattern)[2:-1]
                yield from (family.split("{")[0] + word for word in FAMILIES[family])
            case other:
                assert ast.unparse(other) in HANDED_ON, ast.unparse(other)


def test_every_code_is_explained_and_none_is_left_over() -> None:
    modules = (path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    codes = {code for module in modules if MAY_RAISE.search(module) for code in list_raised_codes(ast.parse(module))}
    assert len(codes) > 100
    explained = set(load_explanations())
    assert codes - explained == set(), "explain them in explanations.toml"
    assert explained - codes == set(), "nothing raises these codes: remove them from explanations.toml"


@pytest.mark.parametrize("explanation", list(load_explanations().values()), ids=lambda explanation: explanation.code)
def test_an_explanation_is_whole_and_in_sentences(explanation: Explanation) -> None:
    assert explanation.summary.endswith(".")
    assert explanation.fix.endswith(".")
    assert (explanation.bad is None) == (explanation.good is None)
    assert explanation.bad != explanation.good or explanation.bad is None


def test_explanations_that_list_names_list_them_all() -> None:
    explanations = load_explanations()
    for choices in CHOICES:
        fix = explanations[f"unknown-{choices.__name__.lower()}"].fix
        assert set(list_choice_names(choices)) <= set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", fix)), choices
    charts = (ROOT / "docs/charts.md").read_text("utf-8").partition("## Kinds\n")[2].partition("\n## ")[0]
    assert set(ChartKind) == set(re.findall(r"^\| `([a-z0-9-]+)` \|", charts, re.MULTILINE)) - {"chart"}
    for code, names in (
        ("unknown-kind", {kind.KIND for kind in get_args(Block)}),
        ("unknown-format", set(FORMATS)),
    ):
        listed = set(re.findall(r"`([a-z-]+)`", explanations[code].fix))
        assert names == listed, f"list all of them under 'fix' of '{code}' in explanations.toml"
    guide = (ROOT / "docs/content.md").read_text("utf-8")
    (blocks,) = re.findall(r"^\*\*Blocks\*\* are (.+)\.$", guide, re.MULTILINE)
    kinds = {kind.KIND for kind in get_args(Block)}
    assert kinds == set(re.findall(r"`([a-z-]+)`", blocks)), "list all kinds of blocks in docs/content.md"


def find_starter_examples() -> Iterator[tuple[str, str]]:
    """Codes whose good example occurs in the starter project, with the file."""
    texts = {path.relative_to(STARTER).as_posix(): path.read_text("utf-8") for path in sorted(STARTER.rglob("*.yaml"))}
    for explanation in load_explanations().values():
        name = next((name for name, text in texts.items() if explanation.good and explanation.good in text), None)
        if name is not None:
            yield explanation.code, name


def diagnostics(project: ProjectCopy) -> tuple[Diagnostic, ...]:
    """What loading finds: `brief check` looks at fonts besides, which takes longer."""
    try:
        return Project.load(project.root).diagnostics
    except ContentError as error:
        return error.diagnostics


@pytest.mark.parametrize(("code", "file"), list(find_starter_examples()))
def test_the_bad_example_in_place_of_the_good_one_is_found(project: ProjectCopy, code: str, file: str) -> None:
    explanation = load_explanations()[code]
    assert explanation.bad is not None
    assert explanation.good is not None
    project.write(file, project.read(file).replace(explanation.good, explanation.bad, 1))
    assert code in {diagnostic.code for diagnostic in diagnostics(project)}


def test_enough_examples_are_tried() -> None:
    assert len(list(find_starter_examples())) >= 30


def test_the_page_is_current() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "diagnostics.py"))
    assert tool["PAGE"].read_text("utf-8") == tool["page"](), "run: python tools/diagnostics.py"


def test_one_code(tmp_path: Path) -> None:
    for asked in ("unknown-claim", "error[unknown-claim]", "error[unknown-claim]:"):
        ran = run_brief("explain", asked, cwd=tmp_path)
        assert ran.status == 0
        assert ran.stdout.startswith("unknown-claim\n")
        assert "Bad:\n    {reader-survey/wiat} between buses\n" in ran.stdout


def test_all_codes_one_a_line(tmp_path: Path) -> None:
    lines = run_brief("explain", cwd=tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(load_explanations())
    assert max(map(len, lines)) < 200


def test_json(tmp_path: Path) -> None:
    (plain,) = json.loads(run_brief("explain", "bad-date", "--json", cwd=tmp_path).stdout)
    assert plain["good"] == "date: 2026-06-30"
    assert len(json.loads(run_brief("explain", "--json", cwd=tmp_path).stdout)) == len(load_explanations())


def test_a_misspelt_code_is_wrong_usage(tmp_path: Path) -> None:
    ran = run_brief("explain", "unknown-clam", cwd=tmp_path)
    assert (ran.status, "did you mean 'unknown-claim'?" in ran.stderr) == (2, True)
