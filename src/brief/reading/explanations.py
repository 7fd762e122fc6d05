"""Loads `explanations.toml`: what each diagnostic means and how to fix it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from brief.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of a diagnostic: `summary` says what was found, and `fix` what to do.

    `bad` and `good` are an example before and after the fix; None if no example helps.
    """

    code: str
    summary: str
    fix: str
    bad: str | None = None
    good: str | None = None


@cache
def load_explanations() -> Mapping[str, Explanation]:
    """Loads the explanation of every diagnostic code, sorted by code."""
    explanations = tomllib.loads((resources.files("brief") / "explanations.toml").read_text("utf-8"))
    return {code: Explanation(code, **_trim_fields(fields)) for code, fields in sorted(explanations.items())}


def _trim_fields(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: text.rstrip("\n") for name, text in fields.items()}
