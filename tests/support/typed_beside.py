"""Finds what a check says of words that are typed beside a placeholder."""

from projects import SEED, THEME, ProjectCopy

from brief.project.checking import check_project


def add_text(project: ProjectCopy, claims: str, locale: str, text: str) -> None:
    """Adds claims to a source, and a paragraph in one language."""
    project.write(SEED, project.read(SEED) + claims)
    block = f"  - kind: paragraph\n    id: typed\n    clearance: public\n    text: {{{locale}: '{text}'}}\n"
    project.write(THEME, project.read(THEME) + block)


def find_typed(project: ProjectCopy, code: str) -> list[str]:
    """The words that diagnostics of the code quote first."""
    return [each.message.split("'")[1] for each in check_project(project.root) if each.code == code]


def find_codes(project: ProjectCopy) -> set[str]:
    """The codes of all diagnostics."""
    return {each.code for each in check_project(project.root)}
