"""Marks addresses, hashes and file names in text, so that lines may break anywhere within them without a hyphen, which
readers would copy. Also keeps names such as Qwen-Image and GPT-4 on one line.
"""

import re

from markupsafe import Markup, escape

from brief.model.han import WORD_JOINER

# Long enough that a line may have to break within it, with digits or signs that words do not contain.
_TOKEN = re.compile(r"(?<![!-~])(?=[!-~]*[0-9/:@_=&?#%\\][!-~])[!-~]{16,}")


# A name with a hyphen before a capital or a digit. Lines may break at the hyphens of other words, and of longer names.
_NAME = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9]*(?:-[A-Z0-9][A-Za-z0-9.]*)+")
_MAX_NAME_LENGTH = 20


def mark_unhyphenated(text: str) -> str:
    """Returns the text with each address, hash or file name in an element of the class `token`, and a joiner after each
    hyphen in a name. The result is escaped markup if there is such an element; otherwise it is text, which Jinja
    escapes.
    """
    if _TOKEN.search(text) is None:
        return _join_names(text)
    parts, end = [], 0
    for token in _TOKEN.finditer(text):
        parts += [
            escape(_join_names(text[end : token.start()])),
            Markup('<span class="token">{}</span>').format(token[0]),
        ]
        end = token.end()
    return Markup("").join([*parts, escape(_join_names(text[end:]))])


def _join_names(text: str) -> str:
    return _NAME.sub(_join_name, text) if "-" in text else text


def _join_name(name: re.Match[str]) -> str:
    return name[0] if len(name[0]) > _MAX_NAME_LENGTH else name[0].replace("-", f"-{WORD_JOINER}")
