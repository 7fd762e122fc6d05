"""Lists the messages that the templates of a set print in the language of each page."""

import re
from collections.abc import Iterator

from brief.templating.template_set import TemplateSet

_LITERAL = r"""(?:"[^"]*"|'[^']*')"""
_CALL = re.compile(rf"(?:\b_|gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")
_TRANS = re.compile(r"\{%-?\s*trans\b.*?%\}(.*?)\{%-?\s*endtrans", re.DOTALL)


def list_messages(template_set: TemplateSet) -> Iterator[str]:
    """Yields the messages of `_("...")`, of the other gettext functions and of {% trans %}, as the templates have them.

    A message that no catalogue of a page's language translates is printed as it is.
    """
    for name in template_set.list_names():
        if name.endswith(".j2"):
            source = template_set.read(name).decode("utf-8", "replace")
            for literals in _CALL.findall(source):
                yield from (literal[1:-1] for literal in re.findall(_LITERAL, literals))
            yield from _TRANS.findall(source)
