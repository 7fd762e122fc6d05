"""A parser of HTML that, like browsers, does not fail on any input."""

from html.parser import HTMLParser


class LenientHtmlParser(HTMLParser):
    """Reads an unknown marked section as a comment, as HTML requires; the standard library's parser raises AssertionError."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)
