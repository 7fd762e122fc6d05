"""The JSON Schema that editors check content by accepts what `brief` accepts, and refuses what it would refuse."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from projects import SEED, SETTINGS, STARTER, THEME, run_brief

ROOT = Path(__file__).parents[1]
SET = str(ROOT / "templates/base/set.yaml")
KINDS = {
    "brief": "content/brief.yaml",
    "theme": "content/themes/*.yaml",
    "audience": "content/audiences/*.yaml",
    "glossary": "content/glossary.yaml",
    "source": "seeds/*.yaml",
    "set": "templates/*/set.yaml",
}
FILES = [
    pytest.param(kind, path, id=f"{folder.name}:{path.stem}")
    for folder in (*sorted(STARTER.parent.iterdir()), ROOT)
    for kind, pattern in KINDS.items()
    for path in sorted(folder.glob(pattern))
]


class CoreLoader(yaml.SafeLoader):
    """YAML as editors read it: the core schema of YAML 1.2 (10.3), in which a date and 1_000 are text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:null|Null|NULL|~|)$"), ["n", "N", "~", ""])
CoreLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))
CoreLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    list("-+0123456789."),
)


@cache
def validator(kind: str) -> Draft202012Validator:
    printed = run_brief("schema", kind, cwd=ROOT)
    assert printed.status == 0
    schema = json.loads(printed.stdout)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def diagnostics(kind: str, text: str) -> list[str]:
    content: Any = yaml.load(text, CoreLoader)  # noqa: S506  # a safe loader
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(kind).iter_errors(content)]


@pytest.mark.parametrize(("kind", "path"), FILES)
def test_every_file_that_brief_reads_is_valid(kind: str, path: Path) -> None:
    assert diagnostics(kind, path.read_text("utf-8")) == []


BROKEN = [
    ("brief", SETTINGS, "publisher:", "publishr:"),
    ("brief", SETTINGS, "date: 2026-06-30", "date: 30 June 2026"),
    ("brief", SETTINGS, "themes: [ridership]", "themes: ridership"),
    ("theme", THEME, "kind: callout", "kind: calout"),
    ("theme", THEME, "tone: question", "tone: loud"),
    ("theme", THEME, "    chart: bars\n", ""),
    ("theme", THEME, "id: what-changed", "id: What changed"),
    ("theme", THEME, "{en: What changed,", "{english: What changed,"),
    ("theme", THEME, "clearance: client", "clearance: 1"),
    ("source", SEED, 'sha256: "0000', 'sha256: "'),
    ("source", SEED, "unit: minute}", "unit: minute, per: bus}"),
    ("source", SEED, "value: 1_800_000", "value: a lot"),
    ("source", SEED, "qualifier: about", "qualifier: roughly"),
    ("set", SET, "brand: ", "brnd: "),
    ("set", SET, "zh-Hant:\n", "zh_Hant:\n"),
]


@pytest.mark.parametrize(("kind", "name", "old", "new"), BROKEN)
def test_a_broken_file_is_not(kind: str, name: str, old: str, new: str) -> None:
    text = (STARTER / name).read_text("utf-8")
    assert old in text
    assert diagnostics(kind, text.replace(old, new)) != []


VALID = [
    ("theme", THEME, 'categories: ["2024", "2025"]', "categories: [2024, 2025]"),
    ("theme", THEME, "heading: {en: What changed, zh-Hans: 变化何在, zh-Hant: 有何變化}", "heading: 2026"),
    ("source", SEED, "value: 1_800_000", "value: -1_800_000.5"),
    ("source", SEED, "period: 2024", "period: 2024-Q2"),
    ("audience", "content/audiences/public.yaml", "[ridership]", "[{theme: ridership, depth: full}]"),
    ("glossary", "content/glossary.yaml", "avoid: [ECT]", "avoid: [{form: ECT, locale: en}]"),
    ("set", SET, 'accent: "#b4472e"', "accent: brand"),
]


@pytest.mark.parametrize(("kind", "name", "old", "new"), VALID)
def test_every_way_of_writing_a_value_is(kind: str, name: str, old: str, new: str) -> None:
    text = (STARTER / name).read_text("utf-8")
    assert old in text
    assert diagnostics(kind, text.replace(old, new)) == []


def test_a_brand_says_what_a_set_may_say_of_the_look_alone() -> None:
    assert diagnostics("brand", 'colours: {brand: "#5b2a86"}\nlogo: logo.svg\n') == []
    assert diagnostics("brand", "extends: base\n") != []


def test_all_schemas_at_once_are_those_of_each_kind() -> None:
    printed = json.loads(run_brief("schema", cwd=ROOT).stdout)
    assert {kind: schema["title"] for kind, schema in printed.items()} == {
        kind: f"brief: {kind}" for kind in [*KINDS, "recipients", "brand", "units"]
    }
