"""Numbering of sources, and citation marks where a reader wants them: one per source and sentence."""

import re
from dataclasses import dataclass, field

from brief.model.inline import Citation, Run, Runs, plain_text

_SENTENCE_END = re.compile(r"[.!?](\s|$)|[。！？；;]")


@dataclass(slots=True)
class SourceNumbers:
    """Gives sources their numbers in order of first citation, and remembers which claims were drawn on."""

    order: list[str] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)

    def cite(self, claim: str) -> Citation:
        """The mark for the claim `source/claim`."""
        source = claim.partition("/")[0]
        if source not in self.order:
            self.order.append(source)
        self.claims.add(claim)
        return Citation((self.order.index(source) + 1,))


def thinned(runs: Runs) -> Runs:
    """The runs with neighbouring marks joined, and a mark dropped where the same sentence repeats it further on."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if isinstance(run, Citation) and isinstance(last, Citation):
            joined[-1] = Citation(tuple(sorted({*last.numbers, *run.numbers})))
        else:
            joined.append(run)
    kept: list[Run] = []
    for index, run in enumerate(joined):
        if isinstance(run, Citation):
            later = _cited_until_sentence_end(joined[index + 1 :])
            numbers = tuple(number for number in run.numbers if number not in later)
            if numbers:
                kept.append(Citation(numbers))
        else:
            kept.append(run)
    return tuple(kept)


def without_citations(runs: Runs) -> Runs:
    """For headings, labels and everything that is repeated elsewhere."""
    return tuple(run for run in runs if not isinstance(run, Citation))


def _cited_until_sentence_end(runs: list[Run]) -> set[int]:
    found: set[int] = set()
    for run in runs:
        if isinstance(run, Citation):
            found.update(run.numbers)
        elif _SENTENCE_END.search(plain_text((run,))):
            break
    return found
