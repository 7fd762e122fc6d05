"""Plans mail for many people and runs the command that sends it."""

from pathlib import Path

from mail_plans import Mailing, row, write_list
from projects import Run, run_brief

NAMES = ("Ann Lee", "李安", "陳安妮")
AUDIENCES = ("public", "council")
LOCALES = ("en", "zh-Hans", "zh-Hant")


class Posting(Mailing):
    """A project with an approved pack, `plan.json` beside it, and a ledger beside the pack."""

    @property
    def ledger(self) -> Path:
        return self.project.root / "output" / "night-buses.mail.sqlite3"

    def brief(self, *args: str | Path) -> Run:
        return run_brief(*args, cwd=self.folder)

    def plan_for(self, count: int, *formats: str) -> Path:
        """Makes a plan for that many people, who differ in audience, locale and name."""
        rows = (
            row(
                f"person{number:04}@example.net",
                f"{NAMES[number % 3]} {number}",
                AUDIENCES[number // 3 % 2],
                LOCALES[number % 3],
                formats=list(formats),
            )
            for number in range(count)
        )
        planned = self.plan(write_list(*rows))
        assert planned.status == 0, planned.stderr
        return self.folder / "plan.json"
