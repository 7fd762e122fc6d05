"""Collects the text of a document by elements: the text of a block is one string, even with inline elements in it."""

from brief.inspection.extract.part import BREAK


class ElementText:
    """Collects text while tags are read. An inline element continues the text around it; any other element ends it.

    Inline elements that follow each other directly, or after a space, are separate texts: "Council" and "30 June" in a line
    of details do not form a phrase.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._beside: list[str] = []
        self._is_after_element = False

    def start(self, *, is_inline: bool) -> None:
        """Begins an element."""
        if not is_inline or self._is_after_element:
            self._pieces.append(BREAK)
        self._is_after_element = False

    def end(self, *, is_inline: bool) -> None:
        """Ends an element."""
        if not is_inline:
            self._pieces.append(BREAK)
        self._is_after_element = is_inline

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
        return BREAK.join(("".join(self._pieces), *self._beside))
