"""Planning mail from a copy of the starter project, and reading the messages back as their readers would."""

import json
import tempfile
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Self

from projects import HERE, ProjectCopy, Run, run_brief

PACK = "output/night-buses"
SENDER = ("--from", "research@example.org")


def row(address: str, name: str = "Ann Lee", audience: str = "council", locale: str = "en", **more: object) -> str:
    """One entry of a list in YAML."""
    fields = {"name": name, "address": address, "audience": audience, "locale": locale, "formats": ["html"], **more}
    return (
        "  - {" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()) + "}\n"
    )


def listed(*rows: str) -> str:
    return "recipients:\n" + "".join(rows)


class Mailing:
    """A project with an approved pack, from which mail is planned."""

    def __init__(self, project: ProjectCopy) -> None:
        self.project = project
        self.folder = project.root.parent

    @classmethod
    def made(cls, folder: Path, *order: str) -> Self:
        """A project of its own in `folder`, with what was ordered in its pack; without an order, the HTML of each edition."""
        project = ProjectCopy(folder / "project")
        assert project.run("build", "--jobs", "1", *(order or ("-f", "html"))).status == 0
        made = cls(project)
        made.approve()
        return made

    @classmethod
    def of(cls, published: ProjectCopy) -> Self:
        """A copy that has a pack, which is approved now."""
        made = cls(published)
        made.approve()
        return made

    def approve(self) -> None:
        assert run_brief("approve", self.project.root / PACK, cwd=self.folder).status == 0

    def run(self, *args: str) -> Run:
        """The command line as it is called beside the project."""
        return run_brief(*args, "-C", self.project.root, cwd=self.folder)

    def plan(self, people: str, *args: str, name: str = "people.yaml", sender: tuple[str, ...] = SENDER) -> Run:
        """`brief mail plan`, with the list `people` in a file of that name."""
        (self.folder / name).write_text(people.replace(HERE, ""), "utf-8")
        (self.folder / "plan.json").unlink(missing_ok=True)
        return self.run("mail", "plan", name, *sender, *args)

    def planned(self, people: str, *args: str, name: str = "people.yaml") -> list[dict[str, Any]]:
        """The messages of a plan that must succeed."""
        ran = self.plan(people, "--json", *args, name=name)
        assert ran.status == 0, ran.stderr
        messages: list[dict[str, Any]] = json.loads(ran.stdout)["messages"]
        return messages

    def messages(self, people: str, *args: str) -> list[EmailMessage]:
        """The messages themselves, read back from what a dry run writes."""
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
    """`file:line:column` of what `HERE` marks in a list."""
    before, mark, _ = people.partition(HERE)
    assert mark
    lines = before.split("\n")
    return f"{name}:{len(lines)}:{len(lines[-1]) + 1}"
