"""Finds markup of other formats (HTML, LaTeX, and extensions of CommonMark), which would be printed as typed."""

import re
from collections.abc import Iterator

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation

CODE = "unsupported-markup"

_ELEMENTS = (
    "a|abbr|article|aside|b|big|blockquote|body|br|button|caption|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt"
    "|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|li|link|main|mark|meta"
    "|nav|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th"
    "|thead|time|tr|tt|u|ul|var|video"
)
_VALUE = r"""\s{0,4}=\s{0,4}(?:"[^"<>]{0,300}"|'[^'<>]{0,300}'|[^\s"'=<>`]{1,300})"""
_COMMANDS = "clearpage|emph|footnote|label|newpage|pagebreak|section|textbf|textit|underline"
# A character that the markup contains, by which most texts are passed over quickly; its pattern; its name for messages.
_PATTERNS = tuple(
    (character, re.compile(pattern, re.IGNORECASE), name)
    for character, pattern, name in (
        ("~", r"~~[^~\s](?:[^~]*[^~\s])?~~", "strikethrough"),
        # Long text prints both; other texts do not.
        ("^", r"(?<!\^)\^[0-9A-Za-z+*\u2212-]{1,12}\^(?!\^)", "superscript"),
        ("~", r"(?<=[A-Za-z)])~[0-9A-Za-z+\u2212-]{1,8}~(?!~)", "subscript"),
        ("<", rf"</?(?:{_ELEMENTS})(?:\s{{1,4}}[\w:-]{{1,40}}{_VALUE}){{0,9}}\s{{0,4}}/?>", "an HTML tag"),
        ("<", r"<!--(?:[^-]|-(?!->)){0,2000}(?:-->)?", "an HTML comment"),
        ("[", r"\[\^[^\]\s]{1,60}\]", "a footnote mark"),
        ("^[", r"\^\[[^\[\]]{1,2000}\]", "a footnote"),
        ("[[", r"\[\[(?=[^\[\]]{0,80}[^\W\d_])[^\[\]]{1,120}\]\]", "a link of a wiki"),
        ("[", r"^\[[ x]\](?=\s)", "a mark of a task"),
        ("[!", r"^\[!(?:note|tip|important|warning|caution)\]", "a mark of a callout"),
        ("$", r"\$(?=[^$]{0,200}[\\^_=])[^\s$](?:[^$]{0,200}[^\s$])?\$(?!\d)", "a formula"),
        ("`", r"^```", "a code fence"),
        ("~", r"^~~~", "a code fence"),
        ("==", r"(?<![=\w!<>])==[^=\s](?:[^=]{0,200}[^=\s])?==(?![=\w])", "a highlight"),
        (":::", r"^:{3,}", "a container of Pandoc"),
        (":", r"(?<![\w:]):[a-z][a-z_]{2,30}:(?![\w:])", "a short code of an emoji"),
        ("\\", rf"\\(?:{_COMMANDS})(?![a-z])", "a command of LaTeX"),
    )
)
_CODE_SPAN = re.compile(r"(`{3,}|~{3,}).*?(?:\1|\Z)|`[^`\n]*`", re.DOTALL)
# CommonMark reads `\(` as an escaped bracket, so that only the formula would be printed.
_ESCAPED_BRACKETS = re.compile(r"(?<!\\)\\(?:\((.{1,400}?)(?<!\\)\\\)|\[(.{1,400}?)(?<!\\)\\\])", re.DOTALL)
_FORMULA = re.compile(r"[\^_=]|\\[a-z]", re.IGNORECASE)
_DEFINITION = re.compile(r"\n[ \t]{0,3}:[ \t]+\S")


def find_in_words(words: str) -> Iterator[tuple[str, str]]:
    """Finds the markup that is printed as typed among words without code.

    Yields each piece and its name, with an article, in the order of the text.
    """
    found = [
        (match, name)
        for character, pattern, name in _PATTERNS
        if character in words
        for match in pattern.finditer(words)
    ]
    for match, name in sorted(found, key=lambda item: item[0].start()):
        yield match[0], name


def warn_lost(source: str, location: SourceLocation, sink: DiagnosticSink) -> None:
    """Reports markup of a whole text whose characters would not be printed as they are typed."""
    if "\\(" not in source and "\\[" not in source and "\n" not in source:
        return
    plain = _CODE_SPAN.sub("", source)
    brackets = _ESCAPED_BRACKETS.finditer(plain)
    if match := next((each for each in brackets if _FORMULA.search(each[1] or each[2])), None):
        message = f"'{match[0][:60]}' is a formula of LaTeX, which is printed as text without its backslashes"
        sink.add_warning(CODE, location, message, "write it between dollar signs in a block of kind 'prose'")
    if _DEFINITION.search(plain):
        message = "a line that begins with a colon is printed in the line before: definition lists are not supported"
        sink.add_warning(CODE, location, message, "write a table with two columns, or a list")
