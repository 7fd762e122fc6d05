"""Marks addresses, hashes and file names in text, so that lines may break anywhere within them, without a hyphen.

Readers would copy the hyphen.
"""

import re

from markupsafe import Markup, escape

# Long enough that a line may have to break within it, with digits or signs that words do not contain.
_TOKEN = re.compile(r"(?<![!-~])(?=[!-~]*[0-9/:@_=&?#%\\][!-~])[!-~]{16,}")


def mark_unhyphenated(text: str) -> str:
    """Returns the text, escaped, with each address, hash and the like in an element of the class `token`."""
    if _TOKEN.search(text) is None:
        return text
    parts, at = [], 0
    for token in _TOKEN.finditer(text):
        parts += [escape(text[at : token.start()]), Markup('<span class="token">{}</span>').format(token[0])]
        at = token.end()
    return Markup("").join([*parts, escape(text[at:])])
