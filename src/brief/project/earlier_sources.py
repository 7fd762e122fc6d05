"""Reads source texts as they were when their translations were accepted, from the project's git history."""

from collections.abc import Mapping
from pathlib import Path

from brief.model.diagnostics import MachineError, RequestError
from brief.project.revisions import list_commits, open_side
from brief.reading.layout import TRANSLATIONS
from brief.reading.project_files import read_project
from brief.reading.reading_cache import ReadingCache
from brief.translate.state import collect_translatable, digest_source, get_stripped_text

# Older revisions are not searched.
_MOST_REVISIONS = 20


def find_earlier_sources(root: Path, wanted: Mapping[str, str]) -> dict[str, str]:
    """Maps each identity in `wanted`, which maps identities to digests, to the source text with that digest, if a
    revision of the project has it.

    A source text is committed with the record of its translations, so the revisions of the record are searched, the
    latest first. Without a history, nothing is found.
    """
    found: dict[str, str] = {}
    cache: ReadingCache = {}
    try:
        commits = list_commits(TRANSLATIONS, root, _MOST_REVISIONS) if wanted else ()
        for commit in commits:
            if len(found) == len(wanted):
                break
            with open_side(commit, root) as side:
                brief = read_project(side.folder, cache).brief
            texts = collect_translatable(brief)[0] if brief is not None else {}
            for name in wanted.keys() & texts.keys() - found.keys():
                source = get_stripped_text(texts[name], str(brief.settings.source_locale)) if brief else ""
                if source and digest_source(source) == wanted[name]:
                    found[name] = source
    except (MachineError, RequestError):
        return found
    return found
