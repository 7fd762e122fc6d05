"""Plans mail from a copy of the starter project, and reads the messages back as recipients would."""

import json
import os
import tempfile
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from projects import HERE, ProjectCopy, Run, run_brief

PACK = "output/night-buses"
SENDER = ("--from", "research@example.org")


def row(address: str, name: str = "Ann Lee", audience: str = "council", locale: str = "en", **more: object) -> str:
    """Formats one entry of a list in YAML."""
    fields = {"name": name, "address": address, "audience": audience, "locale": locale, "formats": ["html"], **more}
    return (
        "  - {" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()) + "}\n"
    )


def write_list(*rows: str) -> str:
    return "recipients:\n" + "".join(rows)


class Mailing:
    """A project with an approved pack, from which mail is planned."""

    def __init__(self, project: ProjectCopy) -> None:
        self.project = project
        self.folder = project.root.parent

    @classmethod
    def made(cls, folder: Path, cache: Path, *options: str) -> Self:
        """Makes a project in `folder` with a pack of the request; without a request, the HTML of each variant.

        What is in the folder `cache` is not made again.
        """
        project = ProjectCopy(folder / "project")
        with patch.dict(os.environ, BRIEF_CACHE_DIR=str(cache)):
            assert project.run("build", "--jobs", "1", *(options or ("-f", "html"))).status == 0
        made = cls(project)
        made.approve()
        return made

    @classmethod
    def of(cls, published: ProjectCopy) -> Self:
        """Copies a project that has a pack, and approves it."""
        made = cls(published)
        made.approve()
        return made

    def approve(self) -> None:
        assert run_brief("approve", self.project.root / PACK, cwd=self.folder).status == 0

    def run(self, *args: str) -> Run:
        """Runs the command line in the project's parent folder."""
        return run_brief(*args, "-C", self.project.root, cwd=self.folder)

    def plan(self, people: str, *args: str, name: str = "people.yaml", sender: tuple[str, ...] = SENDER) -> Run:
        """Runs `brief mail plan` with the list `people` in a file of that name."""
        (self.folder / name).write_text(people.replace(HERE, ""), "utf-8")
        (self.folder / "plan.json").unlink(missing_ok=True)
        return self.run("mail", "plan", name, *sender, *args)

    def planned(self, people: str, *args: str, name: str = "people.yaml") -> list[dict[str, Any]]:
        """Returns the messages of a plan that must succeed."""
        ran = self.plan(people, "--json", *args, name=name)
        assert ran.status == 0, ran.stderr
        messages: list[dict[str, Any]] = json.loads(ran.stdout)["messages"]
        return messages

    def messages(self, people: str, *args: str) -> list[EmailMessage]:
        """Reads the messages back from the files of a dry run."""
        return [read(path.read_bytes()) for path in self.files(people, *args)]

    def files(self, people: str, *args: str) -> list[Path]:
        trial = Path(tempfile.mkdtemp(dir=self.folder))
        ran = self.plan(people, "--dry-run", str(trial), *args)
        assert ran.status == 0, ran.stderr
        return sorted(trial.iterdir())


def read(data: bytes) -> EmailMessage:
    message: EmailMessage = BytesParser(policy=policy.SMTPUTF8).parsebytes(data)
    return message


def place_of(people: str, name: str = "people.yaml") -> str:
    """Returns `file:line:column` of the mark `HERE` in a list."""
    before, mark, _ = people.partition(HERE)
    assert mark
    lines = before.split("\n")
    return f"{name}:{len(lines)}:{len(lines[-1]) + 1}"
