"""Comparing Vega-Lite specifications: what a chart draws, not how its file is written."""

import shutil
from pathlib import Path

from projects import THEME, ProjectCopy

SPECIFICATION = "content/vega/own.json"
BLOCK = """\
  - kind: vega
    id: own
    depth: summary
    title: {en: Own, zh-Hans: 自, zh-Hant: 自}
    specification: own.json
    description: {en: Own., zh-Hans: 自。, zh-Hant: 自。}
    data:
      - name: riders
        columns:
          - {column: year, title: {en: Year, zh-Hans: 年, zh-Hant: 年}}
          - {column: riders, title: {en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}, align: end}
        rows: [["2024", "{reader-survey/riders-before}"], ["2025", "{reader-survey/riders-after}"]]
"""
JSON = """\
{"data": {"name": "riders"},
 "transform": [{"calculate": "datum.riders > datum.year ? '+' : '-'", "as": "direction"}],
 "mark": "bar",
 "encoding": {"x": {"field": "year"}, "y": {"field": "riders", "type": "quantitative"}, "color": {"field": "direction"}}}
"""


def test_only_what_a_specification_draws_is_compared(project: ProjectCopy, tmp_path: Path) -> None:
    project.write(SPECIFICATION, JSON)
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + BLOCK)
    shutil.copytree(project.root, tmp_path / "old")
    # Other lines and spaces draw the same chart.
    project.write(SPECIFICATION, "\n\n" + JSON.replace(", ", ",   "))
    assert project.run("diff", str(tmp_path / "old")).stdout.strip() == "Nothing changed."
    project.write(SPECIFICATION, JSON.replace("direction", "trend"))
    shown = project.run("diff", str(tmp_path / "old")).stdout
    assert "    specification: sha256 " in shown
    assert "made" not in shown
