"""Finds in the project's git history the source texts from which translations were made."""

from collections.abc import Mapping
from pathlib import Path

from brief.model.diagnostics import MachineError, RequestError
from brief.project.revisions import list_commits, open_side
from brief.reading.layout import TRANSLATIONS
from brief.reading.project_files import read_project
from brief.reading.reading_cache import ReadingCache
from brief.translate.state import collect_translatable, digest_source, get_stripped_text

# Older revisions are not searched.
_MAX_REVISIONS = 20


def find_earlier_sources(root: Path, digests: Mapping[str, str]) -> dict[str, str]:
    """Maps ids of texts to the source text with the given digest; leaves out those that no searched revision has.

    `digests` maps ids of texts to digests. A source text is committed with the record of its translations, so the
    revisions of the record are searched, the latest first. The result is incomplete, and without a git history empty,
    if git fails.
    """
    sources: dict[str, str] = {}
    cache: ReadingCache = {}
    try:
        commits = list_commits(TRANSLATIONS, root, _MAX_REVISIONS) if digests else ()
        for commit in commits:
            if len(sources) == len(digests):
                break
            with open_side(commit, root) as side:
                brief = read_project(side.folder, cache).brief
            texts = collect_translatable(brief)[0] if brief is not None else {}
            for name in digests.keys() & texts.keys() - sources.keys():
                source = get_stripped_text(texts[name], str(brief.settings.source_locale)) if brief else ""
                if source and digest_source(source) == digests[name]:
                    sources[name] = source
    except (MachineError, RequestError):
        return sources
    return sources
