"""`brief schema`: prints the JSON Schema of content files, for editors."""

import json

import click

from brief.reading.schema import FILES, build_schema
from brief.writers.json import schema as variant_schema

_VARIANT = "variant"


@click.command
@click.argument("file", type=click.Choice([*FILES, _VARIANT]), required=False)
def command(file: str | None) -> None:
    """Print the JSON Schema of the content files, for editors.

    With an argument, prints the schema of that kind of file ('variant' is the output format json); without one, an object
    with all schemas.
    """
    if file == _VARIANT:
        click.echo(json.dumps(variant_schema.build_schema(), ensure_ascii=False, indent=2))
        return
    schema = build_schema(file) if file else {name: build_schema(name) for name in FILES}
    click.echo(json.dumps(schema, ensure_ascii=False, indent=2))
