"""`brief diff`: prints the changes between two revisions or packs."""

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from brief.cli import options
from brief.cli.difference_text import Terminal, format_content, format_pack
from brief.cli.output_file import OutputFile
from brief.cli.revision import load_side
from brief.model.difference import ContentDifference, PackDifference
from brief.project.comparison import compare_packs, compare_projects
from brief.project.revisions import open_side


@click.command
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=OutputFile(),
    help="Write the differences as an HTML page.",
)
@options.project
def command(old: str, new: str | None, as_json: bool, page: Path | None, root: Path) -> None:
    """Show what changed between two revisions of the content, or two packs.

    OLD and NEW are folders (projects, or packs with their manifest.json) or git revisions of the project. Without NEW,
    OLD is compared with the project as it is now. The output is not limited to what one audience may see.
    """
    with ExitStack() as stack:
        sides = [stack.enter_context(open_side(name, root)) for name in (old, str(root) if new is None else new)]
        if sides[0].is_pack != sides[1].is_pack:
            raise click.UsageError("a pack can only be compared with another pack")
        difference: ContentDifference | PackDifference
        if sides[0].is_pack:
            difference, template_set = compare_packs(*sides), None
        else:
            projects = [load_side(side) for side in sides]
            difference = compare_projects(projects[0], projects[1], (sides[0].name, sides[1].name))
            template_set = projects[1].template_set
        if page is not None:
            from brief.publish.durable_files import write_user_path
            from brief.writers.html.difference import render_difference_page

            # Only for its owner, because the page contains content that some audiences may not see.
            write_user_path(page, render_difference_page(difference, template_set), 0o600)
    if as_json:
        click.echo(json.dumps(_to_json(difference), ensure_ascii=False, indent=2))
    elif page is None:
        _print(difference)
    else:
        click.echo(page)


def _print(difference: ContentDifference | PackDifference) -> None:
    # https://no-color.org: any value, unless it is empty.
    terminal = Terminal(sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    if isinstance(difference, ContentDifference):
        lines = format_content(difference, terminal)
    else:
        lines = format_pack(difference, terminal)
    for line in lines:
        click.echo(line)


def _to_json(difference: ContentDifference | PackDifference) -> dict[str, object]:
    document = asdict(difference)
    if isinstance(difference, ContentDifference):
        document["clearance"] = difference.clearance.name.lower()
    return document
