"""Collects the text of a document by elements: the text of a block is one string, even with inline elements in it."""

from collections.abc import Iterator, Set

from brief.inspection.extract.part import BREAK

# The text of a cell without any, by which columns are counted. It is invisible, so the search ignores it.
BLANK_CELL = "\u2060"
# What continues a number after its first digits.
_SEPARATORS = ",.'’·٫"
# How much of the text on each side of what divides it is collected once more: short texts and figures are shorter, and longer
# texts are found by the rest of them.
_AROUND = 60


class ElementText:
    """Collects text while tags are read. An inline element continues the text around it; any other element ends it.

    Inline elements that follow each other directly, or after a space, are separate texts: "Council" and "30 June" in a line
    of details do not form a phrase.

    Where an inline element divides a word or a number, such as the mark of a footnote in "77,7<sup>1</sup>00,000", the
    text is collected once more without the element. Elements that divide a number, or a word into letters, are also
    collected as one text.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._beside: list[str] = []
        self._is_after_element = False
        # Where each open inline element begins in `_pieces`, and whether it is a mark; negative if no word is before it.
        self._open: list[tuple[int, bool]] = []
        # Elements after a letter or digit, as ranges of `_pieces`, and the places of breaks between inline elements.
        self._inserted: list[tuple[int, int, bool]] = []
        self._divided: list[int] = []

    def start(self, *, is_inline: bool, is_mark: bool = False) -> None:
        """Begins an element. A mark is raised or lowered, like the number of a footnote."""
        if not is_inline:
            self._pieces.append(BREAK)
            if self._open:
                self._open.clear()
        elif self._is_after_element:
            self._divided.append(len(self._pieces))
            self._open.append((-1, is_mark))
            self._pieces.append(BREAK)
        else:
            self.open_mark(is_mark=is_mark)
        self._is_after_element = False

    def end(self, *, is_inline: bool) -> None:
        """Ends an element."""
        if not is_inline:
            self._pieces.append(BREAK)
            if self._open:
                self._open.clear()
        else:
            self.close_mark()
        self._is_after_element = is_inline

    def end_cell(self) -> None:
        """Ends a cell of a table, before `end`; marks it if it is blank."""
        for piece in reversed(self._pieces):
            if piece == BREAK:
                self._pieces.append(BLANK_CELL)
                return
            if piece.strip():
                return

    def open_mark(self, *, is_mark: bool = True) -> None:
        """Begins a stretch of running text that may divide a word."""
        last = self._pieces[-1] if self._pieces else ""
        self._open.append((len(self._pieces) if last[-1:].isalnum() else -1, is_mark))

    def close_mark(self) -> None:
        """Ends the last stretch that was begun, if the text around it has not ended."""
        if self._open:
            start, is_mark = self._open.pop()
            if start >= 0:
                self._inserted.append((start, len(self._pieces), is_mark))

    def add(self, text: str) -> None:
        """Adds running text."""
        self._pieces.append(text)
        if text.strip():
            self._is_after_element = False

    def add_beside(self, text: str) -> None:
        """Adds text that is not part of the text around it: an attribute or a comment."""
        self._beside.append(text)

    def join(self) -> str:
        """Returns the collected texts, separated by `BREAK`."""
        return BREAK.join(("".join(self._pieces), *self._beside, *self._join_divided()))

    def _join_divided(self) -> Iterator[str]:
        """Yields each text that has divided words or numbers, without what divides them."""
        dropped: set[int] = set()
        for start, end, is_mark in self._inserted:
            if self._divides(self._pieces[start - 1][-1], self._read_first(end), is_mark=is_mark):
                dropped.update(range(start, end))
        for at in self._divided:
            if at and self._is_within_word(at):
                dropped.add(at)
        breaks = set(self._divided)
        end = -1
        for at in sorted(dropped):
            if at < end:
                continue
            start, end = at, at + 1
            while start and (self._pieces[start - 1] != BREAK or start - 1 in breaks):
                start -= 1
            while end < len(self._pieces) and (self._pieces[end] != BREAK or end in breaks):
                end += 1
            yield from self._cut_windows(range(start, end), dropped)

    def _cut_windows(self, indices: range, dropped: Set[int]) -> Iterator[str]:
        """Yields the text of pieces around those that are dropped."""
        text = ""
        windows: list[tuple[int, int]] = []
        for index in indices:
            if index not in dropped:
                text += self._pieces[index]
            elif windows and len(text) <= windows[-1][1]:
                windows[-1] = windows[-1][0], len(text) + _AROUND
            else:
                windows.append((max(len(text) - _AROUND, 0), len(text) + _AROUND))
        yield from (text[start:end] for start, end in windows)

    def _read_first(self, index: int) -> str:
        """Returns the first letter from a piece on; "" at the end of the text."""
        while index < len(self._pieces) and not self._pieces[index]:
            index += 1
        return self._pieces[index][0] if index < len(self._pieces) else ""

    @staticmethod
    def _divides(before: str, after: str, *, is_mark: bool) -> bool:
        """Returns whether an element between two letters is within a word or a number. Words in scripts without spaces
        have elements within them everywhere.
        """
        if before.isdigit():
            return is_mark or after.isdigit() or (after != "" and after in _SEPARATORS)
        return is_mark or (after.isalpha() and before.isascii() and after.isascii())

    def _is_within_word(self, at: int) -> bool:
        """Returns whether a break between two inline elements divides a number, or a letter from its word."""
        before, after = self._pieces[at - 1], self._read_first(at + 1)
        if not before or not after:
            return False
        last = before[-1]
        if (last.isdigit() and (after.isdigit() or after in _SEPARATORS)) or (last in _SEPARATORS and after.isdigit()):
            return True
        is_letter = len(before) == 1 or len(self._pieces[at + 1]) == 1
        return is_letter and last.isascii() and after.isascii() and last.isalpha() and after.isalpha()
