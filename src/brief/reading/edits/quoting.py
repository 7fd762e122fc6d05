"""Writes a text as a YAML scalar in double quotes."""

import json
import re

# Characters that are not printable (YAML 1.2, 5.1), and those that end a line in YAML 1.1 (YAML 1.2, 5.4).
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def quote_scalar(text: str) -> str:
    """Returns the text in double quotes on one line, as JSON, which is YAML once a few characters are escaped."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
