"""Writes a text as a YAML scalar in double quotes."""

import json
import re

# YAML 1.2, 5.1 and 5.4: characters that are not printable, and characters that YAML 1.1 takes for the end of a line.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def quote_scalar(text: str) -> str:
    """Returns the text in double quotes, on one line. A JSON string is a YAML scalar, apart from a few characters."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
