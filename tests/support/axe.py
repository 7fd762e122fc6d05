"""Runs axe-core on a page in a browser."""

from collections.abc import Mapping

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

Rules = Mapping[str, str | list[str]]

WCAG: Rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The rules whose result depends on colours, sizes and widths. They take most of the time.
_SEEN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
SEEN: Rules = {"type": "rule", "values": _SEEN}


def violations(page: Page, rules: Rules = WCAG, *, seen: bool = True) -> list[str]:
    """Lists violations, a line for each element; without those of `SEEN` if not `seen`."""
    page.evaluate(AXE_SCRIPT)
    disabled = {} if seen else {rule: {"enabled": False} for rule in _SEEN}
    options = {"runOnly": rules, "rules": disabled, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
