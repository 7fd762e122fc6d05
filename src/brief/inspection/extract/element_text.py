"""The words of a document in elements: text of one element is one string, however many tags are in it."""

from brief.inspection.extract.part import BREAK


class ElementText:
    """Collects text as tags are read. An element within a line goes on with what is around it; any other ends it.

    Two elements within a line that follow each other directly, or after a space, are two texts as well: "Council" and
    "30 June" of a line of details are no phrase.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._beside: list[str] = []
        self._is_after_element = False

    def start(self, *, is_inline: bool) -> None:
        if not is_inline or self._is_after_element:
            self._pieces.append(BREAK)
        self._is_after_element = False

    def end(self, *, is_inline: bool) -> None:
        if not is_inline:
            self._pieces.append(BREAK)
        self._is_after_element = is_inline

    def add(self, text: str) -> None:
        """Text where it is read."""
        self._pieces.append(text)
        if text.strip():
            self._is_after_element = False

    def add_beside(self, text: str) -> None:
        """Text that is no part of what it is read in: an attribute, a comment."""
        self._beside.append(text)

    def text(self) -> str:
        return BREAK.join(("".join(self._pieces), *self._beside))
