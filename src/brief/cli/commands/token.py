"""`brief token`: adds, lists and revokes callers of the HTTP API."""

import json
from pathlib import Path

import click

_file = click.option(
    "--tokens",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of callers (default: brief/tokens.json in the user's configuration folder).",
)


@click.group
def command() -> None:
    """Manage the tokens of the HTTP API."""


@command.command
@click.argument("name")
@click.option(
    "-a",
    "--audience",
    "audiences",
    metavar="AUDIENCE",
    multiple=True,
    help="An audience that the caller may see (default: all); repeatable.",
)
@click.option(
    "--clearance",
    metavar="CLEARANCE",
    default="public",
    show_default=True,
    help="The highest clearance that the caller may see; 'all' for no limit.",
)
@click.option(
    "--data",
    "datasets",
    metavar="SOURCE/DATASET",
    multiple=True,
    help="A dataset for which the caller may send data; repeatable.",
)
@_file
def add(name: str, audiences: tuple[str, ...], clearance: str, datasets: tuple[str, ...], tokens: Path | None) -> None:
    """Add the caller NAME and print its token, which is shown only once."""
    from brief.web.api.callers import TokenFile, find_token_file, make_caller

    click.echo(TokenFile(tokens or find_token_file()).add(make_caller(name, audiences, clearance, datasets)))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_file
def list_(as_json: bool, tokens: Path | None) -> None:
    """List the callers and what each may see. Tokens are stored only as hashes."""
    from brief.web.api.callers import TokenFile, find_token_file

    callers = [
        {
            "name": caller.name,
            "audiences": list(caller.audiences) if caller.audiences is not None else None,
            "clearance": caller.clearance or "all",
            "data": list(caller.datasets or ()),
        }
        for caller in TokenFile(tokens or find_token_file()).list_callers()
    ]
    if as_json:
        click.echo(json.dumps(callers, ensure_ascii=False, indent=2))
        return
    for caller in callers:
        audiences = caller["audiences"]
        audience_text = ", ".join(audiences) if isinstance(audiences, list) else "every audience"
        click.echo(f"{caller['name']}: {audience_text}, cleared for {caller['clearance']}")


@command.command
@click.argument("name")
@_file
def revoke(name: str, tokens: Path | None) -> None:
    """Remove the caller NAME; its token is refused at once."""
    from brief.web.api.callers import TokenFile, find_token_file

    TokenFile(tokens or find_token_file()).revoke(name)
