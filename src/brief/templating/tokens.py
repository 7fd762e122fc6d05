"""Marks addresses, hashes and file names in text, so that lines may break anywhere within them, without a hyphen, and keeps
names such as Qwen-Image and GPT-4 on one line.

Readers would copy the hyphen.
"""

import re

from markupsafe import Markup, escape

from brief.model.han import WORD_JOINER

# Long enough that a line may have to break within it, with digits or signs that words do not contain.
_TOKEN = re.compile(r"(?<![!-~])(?=[!-~]*[0-9/:@_=&?#%\\][!-~])[!-~]{16,}")


# A name with a hyphen before a capital or a digit. Lines may break at the hyphens of other words, and of longer ones.
_NAME = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9]*(?:-[A-Z0-9][A-Za-z0-9.]*)+")
_LONGEST_NAME = 20


def mark_unhyphenated(text: str) -> str:
    """Returns the text, escaped, with each address, hash and the like in an element of the class `token`, and a joiner after the
    hyphens in names.
    """
    if _TOKEN.search(text) is None:
        return _join_names(text)
    parts, at = [], 0
    for token in _TOKEN.finditer(text):
        parts += [
            escape(_join_names(text[at : token.start()])),
            Markup('<span class="token">{}</span>').format(token[0]),
        ]
        at = token.end()
    return Markup("").join([*parts, escape(_join_names(text[at:]))])


def _join_names(text: str) -> str:
    return _NAME.sub(_join_name, text) if "-" in text else text


def _join_name(name: re.Match[str]) -> str:
    return name[0] if len(name[0]) > _LONGEST_NAME else name[0].replace("-", f"-{WORD_JOINER}")
