"""Compares the text of a page with that of the same page in the last pack or at a git revision."""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import replace

from brief.diff.text_diff import diff_text
from brief.model.diagnostics import BriefError, MachineError
from brief.model.difference import SpanKind
from brief.model.variant import Variant
from brief.project.project import Project
from brief.project.revisions import find_commit, open_revision
from brief.templating.plain import Plain
from brief.web.live.built import find_built_page
from brief.web.live.page_blocks import BACK_MATTER, extract_text, split_page

PACK = "pack"
# Names of revisions in git, without ranges and options.
_REVISION = re.compile(r"[A-Za-z0-9_@](?:[A-Za-z0-9_./@{}~^+-]{0,198}[A-Za-z0-9_@}~^])?")
_MAX_CACHED = 30

# The text of each block of an earlier page, keyed by the block's id; None if there is no earlier page.
EarlierTexts = Mapping[str, str] | None


class RevisionError(Exception):
    """A revision cannot be compared with. The `reason` is "range" if the name is not that of one revision, "unknown" if
    git has no such revision, "no-git" if git cannot be run, or "unbuildable" if its page cannot be built, for example
    because its content has errors.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Comparisons:
    """Reads earlier pages. Pages of git revisions are rendered by `executor` and cached."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._cache: OrderedDict[tuple[str, str, str], EarlierTexts] = OrderedDict()

    def read(self, since: str, project: Project, variants: Iterable[Variant]) -> dict[str, EarlierTexts]:
        """Returns the earlier texts of each variant, keyed by its locale. `since` is PACK or names a git revision.

        Raises:
            RevisionError: git has no such revision, or its page cannot be built.
        """
        if since == PACK:
            return {
                variant.locale: _extract_texts(page.decode("utf-8", "replace"), variant)
                if (page := find_built_page(project, variant.audience, variant.locale)) is not None
                else None
                for variant in variants
            }
        if not _REVISION.fullmatch(since) or ".." in since:
            raise RevisionError("range")
        try:
            commit = find_commit(since, project.root)
        except MachineError as error:
            raise RevisionError("no-git") from error
        except BriefError as error:
            raise RevisionError("unknown") from error
        try:
            return {variant.locale: self._read_commit(commit, project, variant) for variant in variants}
        except BriefError as error:
            raise RevisionError("unbuildable") from error

    def _read_commit(self, commit: str, project: Project, variant: Variant) -> EarlierTexts:
        key = commit, variant.audience, variant.locale
        if key in self._cache:
            return self._cache[key]
        texts = self._cache[key] = self._build(commit, project, variant)
        while len(self._cache) > _MAX_CACHED:
            self._cache.popitem(last=False)
        return texts

    def _build(self, commit: str, project: Project, variant: Variant) -> EarlierTexts:
        with open_revision(commit, project.root) as folder:
            earlier = Project.load(folder)
            if variant.audience not in earlier.brief.audiences or variant.locale not in earlier.brief.locales:
                return None
            # With the audience's current rights, so that content withheld from it since then is not shown.
            audiences = {**earlier.brief.audiences, variant.audience: project.brief.audiences[variant.audience]}
            earlier = replace(earlier, brief=replace(earlier.brief, audiences=audiences))
            pack = earlier.build([variant.audience], [variant.locale], ["html"], executor=self._executor)
            page = pack[variant.audience, variant.locale, "html"].data.decode()
            return _extract_texts(page, earlier.make_variant(variant.audience, variant.locale))


def _extract_texts(page: str, variant: Variant) -> dict[str, str]:
    return {name: extract_text(markup) for name, markup in split_page(page, list_sections(variant)).items()}


def list_sections(variant: Variant) -> dict[str, list[str]]:
    """Maps the id of each section to the ids of its blocks."""
    return {section.id: [block.id for block in section.blocks] for section in variant.sections}


def compare_block(earlier: EarlierTexts, name: str, markup: str) -> Plain:
    """Returns the change of the block `name`: "new", or the spans of its text, each with what happened to it.

    Returns None if the block is unchanged, if there is no earlier page, and for the back matter.
    """
    if earlier is None or name in BACK_MATTER:
        return None
    text = extract_text(markup)
    if name not in earlier:
        return "new"
    if earlier[name] == text:
        return None
    return [
        {"mark": str(span.mark), "text": span.text} if span.mark is not SpanKind.SAME else _shorten(span.text)
        for span in diff_text(earlier[name], text)
    ]


def _shorten(text: str) -> Plain:
    """Returns an unchanged span, without its middle if it is longer than 160 characters."""
    return {"mark": "same", "text": text if len(text) <= 160 else f"{text[:70]} … {text[-70:]}"}
