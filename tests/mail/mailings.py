"""A pack of the starter project, approved, and plans to send it."""

import json
from dataclasses import dataclass
from pathlib import Path

from projects import ProjectCopy, Run, run_brief

AUDIENCES = ("public", "council")
LOCALES = ("en", "zh-Hans", "zh-Hant")


@dataclass(frozen=True)
class PackedProject:
    """The starter project with its pack, and the command line beside it."""

    project: ProjectCopy

    @property
    def root(self) -> Path:
        return self.project.root

    @property
    def ledger(self) -> Path:
        return self.root / "output" / "night-buses.mail.sqlite3"

    def brief(self, *args: str | Path) -> Run:
        return run_brief(*args, cwd=self.root)

    def plan(self, count: int, *formats: str) -> Path:
        """A plan for so many people, who differ in audience, locale and name."""
        rows = [
            {
                "name": ("Ann Lee", "李安", "陳安妮")[number % 3] + f" {number}",
                "address": f"person{number:04}@example.net",
                "audience": AUDIENCES[number // 3 % 2],
                "locale": LOCALES[number % 3],
                "formats": list(formats),
            }
            for number in range(count)
        ]
        # JSON is YAML.
        (self.root / "people.yaml").write_text(json.dumps({"recipients": rows}, ensure_ascii=False), "utf-8")
        planned = self.brief("mail", "plan", "people.yaml", "--from", "briefings@example.org")
        assert planned.status == 0, planned.stderr
        return self.root / "plan.json"


def packed(project: ProjectCopy, *formats: str) -> PackedProject:
    """Builds and approves the pack."""
    wanted = [word for form in formats for word in ("-f", form)]
    for args in (("build", "--jobs", "2", *wanted), ("approve", "output/night-buses")):
        ran = run_brief(*args, cwd=project.root)
        assert ran.status == 0, ran.stderr
    return PackedProject(project)
