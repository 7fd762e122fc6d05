"""A parser of HTML that, like browsers, does not fail on any input."""

from html.parser import HTMLParser


class LenientHtmlParser(HTMLParser):
    """Reads a marked section that the standard library's parser asserts to be impossible as a comment, as HTML says."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)
