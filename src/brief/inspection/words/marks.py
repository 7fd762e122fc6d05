"""Finds the marks that pages print beside words: of citations and footnotes, formulas, and the labels of tables and figures.

Each template writes them in its own way, so a mark is looked for near its words, and only its letters and digits count.
"""

import re
from collections.abc import Sequence
from dataclasses import field
from html import unescape

from brief.inspection.folding import squeeze
from brief.model.inline import Citation, DigitPadding, Footnote, Formula, Reference, Run, Runs, to_plain_text
from brief.model.record import dataclass
from brief.resolve.citations import is_grade

# How many letters may be between words and their mark, and between a title and its number or label.
_NEAR, _BESIDE = 24, 80
# How many letters may be between a number and the title that it counts, and in an entry of a list of sources.
_DIRECTLY, _ENTRY = 4, 200
_NO_WORD, _NO_LETTER = re.compile(r"[\W_]+"), re.compile(r"[\W\d_]+")
_ROMAN = [
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
    "xviii",
    "xix",
    "xx",
]
_HAN_NUMBERS = "一二三四五六七八九十"
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a page prints beside words.

    `name` names it in messages. Any one of its `forms`, in squeezed letters, is enough; the first is the usual one. It
    is at most `reach` letters from its words.

    - `is_number`: it must not be part of a longer number, and may also be before one of the `details`.
    - `is_drawn`: it may be a picture whose text alternative has the form.
    - `is_label`: it consists of words.
    - `is_marker`: browsers and word processors draw it before an item of a list.
    """

    name: str
    forms: tuple[str, ...]
    is_number: bool = False
    is_drawn: bool = False
    is_label: bool = False
    is_marker: bool = False
    reach: int = _NEAR
    details: tuple[str, ...] = ()

    def is_in(self, before: str, after: str, alternative: str) -> bool:
        """Returns whether the mark is in the text before or after its words, or in the alternative texts of pictures."""
        if self.is_drawn and any(form in alternative for form in self.forms):
            return True
        return any(self._is_at(form, before, after) for form in self.forms)

    def _is_at(self, form: str, before: str, after: str) -> bool:
        # There may be another number next to it: "cost¹ 2", or the number of a page before a heading.
        if _NO_WORD.sub("", after[: _NEAR + len(form)]).startswith(form):
            return True
        if _NO_WORD.sub("", before[-_NEAR - len(form) :]).endswith(form):
            return True
        if self.is_number:
            nearest = f"{before[-_DIRECTLY - len(form) :]}\0{after}"
            return re.search(rf"(?<!\d){form}(?!\d)", nearest) is not None or any(
                re.search(rf"(?<!\d){form}\W*{re.escape(detail)}", before) for detail in self.details
            )
        if len(form) > 1 or self.is_label:
            return form in before or form in after
        # A letter is also in most words; the number of a source may be before it.
        return _NO_LETTER.sub("", after[: _NEAR + 1]).startswith(form)


@dataclass(slots=True)
class PassageWords:
    """The words of runs, in pieces between their marks. `marks` has the marks before the first piece, and those after
    each.
    """

    pieces: list[str] = field(default_factory=list)
    marks: list[list[Mark]] = field(default_factory=lambda: [[]])
    notes: list[Footnote[Run]] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)

    def add(self, runs: Runs) -> None:
        """Adds the words, marks and notes of runs; a mark begins a new piece."""
        for run in runs:
            if isinstance(run, Footnote):
                self.notes.append(run)
                self.end([Mark(f"the mark of note {run.label}", (squeeze(run.label),))] if run.label else [])
            elif isinstance(run, Citation):
                self.end(
                    [Mark(f"the mark of source {number}", (str(number),), is_number=True) for number in run.numbers]
                )
            elif isinstance(run, Formula):
                self.end([_make_formula_mark(run)])
            elif isinstance(run, Reference) and is_grade(run):
                self.end([Mark(f"the grade {run.text}", (squeeze(run.text),))])
            elif isinstance(run, DigitPadding):
                self.end([])
            elif hasattr(run, "children"):
                self.add(run.children)
            else:
                self._words.append(to_plain_text((run,)))

    def end(self, marks: Sequence[Mark]) -> None:
        """Ends the current piece, and adds the marks that follow it. A piece without letters is dropped."""
        words = "".join(self._words)
        self._words.clear()
        if squeeze(words):
            self.pieces.append(words)
            self.marks.append([])
        self.marks[-1] += marks


def split_runs(runs: Runs) -> PassageWords:
    """Divides runs into pieces at marks and formulas, which each format writes in its own way."""
    passage_words = PassageWords()
    passage_words.add(runs)
    passage_words.end([])
    return passage_words


def make_label_mark(name: str, *forms: str) -> Mark:
    """Returns the mark for a label beside a title or a remark."""
    return Mark(name, tuple(map(squeeze, forms)), is_label=True, reach=_BESIDE)


def make_ordinal_mark(ordinal: str, details: Sequence[str] = ()) -> Mark:
    """Returns the mark for the number, or the letter, directly before a title, or before details that precede the title."""
    squeezed_details = tuple(map(squeeze, details))
    return Mark(
        "its number",
        (squeeze(ordinal),),
        ordinal.isdecimal(),
        reach=_ENTRY if squeezed_details else _DIRECTLY,
        details=squeezed_details,
    )


def make_item_mark(number: int) -> Mark:
    """Returns the mark for the number of an item in a list, in any of the usual notations."""
    letter = chr(ord("a") + number - 1) if 0 < number <= len(_ROMAN) else ""
    roman = _ROMAN[number - 1] if 0 < number <= len(_ROMAN) else ""
    han = _HAN_NUMBERS[number - 1] if 0 < number <= len(_HAN_NUMBERS) else ""
    forms = tuple(form for form in (str(number), letter, roman, han) if form)
    return Mark("its number", forms, is_number=True, is_marker=True, reach=_DIRECTLY)


def _make_formula_mark(formula: Formula) -> Mark:
    signs = squeeze(unescape(_TAG.sub("", formula.mathml)))
    forms = tuple(form for form in (signs, squeeze(formula.tex)) if form)
    return Mark(f"the formula '{formula.tex.strip()}'", forms, is_drawn=True, reach=len(signs) + _NEAR)
