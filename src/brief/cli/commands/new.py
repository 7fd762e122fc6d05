"""`brief new`: creates a small working project."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from brief.project.new_project import DEFAULT_LOCALES, LOCALES, STARTERS, NewProject, create_project, find_problems

_LOOKS = ("base", "board", "paper")


@click.command
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--starter", type=click.Choice(list(STARTERS)), help="The example to start from (default: research).")
@click.option(
    "--title", "titles", metavar="[LOCALE=]TITLE", multiple=True, help="The title; one for each locale, repeatable."
)
@click.option("-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Locales, the source locale first.")
@click.option("-a", "--audience", "audiences", metavar="AUDIENCE", multiple=True, help="Audiences; repeatable.")
@click.option("--look", type=click.Choice(_LOOKS), help="Template set (default: base).")
def command(
    folder: Path,
    starter: str | None,
    titles: tuple[str, ...],
    locales: tuple[str, ...],
    audiences: tuple[str, ...],
    look: str | None,
) -> None:
    """Create a small working project in the locales you choose.

    DIR must not exist yet, or be empty. Without options, prompts on a terminal; otherwise uses the defaults: the
    starter 'research' in English and Chinese, with all its audiences. Starters have texts in English, Chinese (zh-Hans,
    zh-Hant and zh-Hant-HK), Japanese, Korean, German, French and Spanish.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"'{folder}' exists and is not an empty folder; name a new one")
    if not any((starter, titles, locales, audiences, look)) and sys.stdin.isatty() and sys.stdout.isatty():
        options = _ask()
    else:
        options = NewProject(
            starter=starter or "research",
            titles=_split_titles(titles, (locales or DEFAULT_LOCALES)[0]),
            locales=locales,
            audiences=audiences,
            template_set=look or "base",
        )
    if problems := find_problems(options):
        raise click.UsageError("\n".join(problems))
    create_project(folder, options)
    click.echo(f"{folder} is ready. Next: cd {folder} && brief build")


def _split_titles(titles: tuple[str, ...], source_locale: str) -> Mapping[str, str]:
    """Maps locales to titles; a title without a locale is in the source locale."""
    by_locale: dict[str, str] = {}
    for option in titles:
        locale, equals, title = option.partition("=")
        by_locale |= {locale: title} if equals and locale in LOCALES else {source_locale: option}
    return by_locale


def _ask() -> NewProject:
    for name, starter in STARTERS.items():
        click.echo(f"  {name:10} {starter.summary}")
    starter_name = click.prompt("Starter", type=click.Choice(list(STARTERS)), default="research")
    starter = STARTERS[starter_name]
    click.echo(f"  Locales: {', '.join(LOCALES)}")
    locales = _ask_several("Locales, the source locale first", LOCALES, DEFAULT_LOCALES)
    audiences = _ask_several("Audiences", starter.audiences, starter.audiences)
    titles = {}
    if click.confirm("Change the title?", default=False):
        titles = {locale: click.prompt(f"Title in {locale}") for locale in locales}
    look = click.prompt("Look", type=click.Choice(_LOOKS), default="base")
    return NewProject(starter=starter_name, titles=titles, locales=locales, audiences=audiences, template_set=look)


def _ask_several(question: str, offered: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
    def parse(answer: str) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(answer.replace(",", " ").split()))
        if unknown := [name for name in names if name not in offered]:
            raise click.BadParameter(f"'{unknown[0]}' is not one of {', '.join(offered)}")
        return names or default

    names: tuple[str, ...] = click.prompt(question, default=" ".join(default), value_proc=parse)
    return names
