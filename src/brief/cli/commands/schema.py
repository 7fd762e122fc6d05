"""`brief schema`: JSON Schema for editors."""

import json

import click

from brief.reading.schema import FILES, build_schema


@click.command
@click.argument("file", type=click.Choice(list(FILES)), required=False)
def command(file: str | None) -> None:
    """Print the JSON Schema of the content files, for editors.

    With FILE the schema of one kind of file; without, an object with the schemas of all.
    """
    printed = build_schema(file) if file else {name: build_schema(name) for name in FILES}
    click.echo(json.dumps(printed, ensure_ascii=False, indent=2))
