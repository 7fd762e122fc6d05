"""Finds what would keep the project, as it is now, from building artifacts that were built before."""

from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, Severity
from brief.project.gating import escalate_warnings
from brief.web.api.work import BuiltArtifact
from brief.web.live_project import LoadedProject


class StoppingErrors:
    """The errors that stop variants of the project as it was read last, of which each is examined once."""

    def __init__(self) -> None:
        # The revision, and the errors of its variants by audience and locale.
        self._known: tuple[LoadedProject | None, dict[tuple[str, str], tuple[Diagnostic, ...]]] = (None, {})

    def update(self, revision: LoadedProject | None) -> None:
        """Sets what was read last; None if the project is complete only with the data of a request."""
        if revision is not self._known[0]:
            self._known = (revision, {})

    def find(self, built: BuiltArtifact) -> tuple[Diagnostic, ...]:
        """Returns an error for everything that would keep the project, as it is now, from building the artifact's variant:
        gates, and warnings on which the project stops, including those of the artifact's build.

        Returns nothing if the project no longer has the audience or the locale, if it is complete only with the data of a
        request, or if its content has had errors since the service started. The first call for a variant examines the
        project, which takes time; the result is remembered until the content changes.
        """
        revision, known = self._known
        key = (built.artifact.audience, built.artifact.locale)
        if revision is None or not _has_variant(revision.project.brief, *key):
            return ()
        if key not in known:
            known[key] = tuple(
                each for each in revision.project.find_stopping([key]) if each.severity is Severity.ERROR
            )
        of_build = escalate_warnings(revision.project.brief.settings, built.diagnostics)
        return (*known[key], *(each for each in of_build if each.severity is Severity.ERROR))

    def knows(self, built: BuiltArtifact) -> bool:
        """Returns whether `find` certainly answers without examining the project."""
        revision, known = self._known
        return revision is None or (built.artifact.audience, built.artifact.locale) in known


def _has_variant(brief: Brief, audience: str, locale: str) -> bool:
    return audience in brief.audiences and locale in brief.locales
