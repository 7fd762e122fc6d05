"""Loads templates from the folders of one set, and from nowhere else."""

import time
from collections.abc import Callable
from pathlib import PurePosixPath
from types import CodeType

from jinja2 import BaseLoader, BytecodeCache, Environment, TemplateNotFound
from jinja2.bccache import Bucket

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.reading.listing import are_settled, stamp_file
from brief.templating.template_set import TemplateSet

# How many compiled templates are kept: enough for the packaged sets and for some sets of projects.
_MAX_TEMPLATES = 512


class ForbiddenTemplateError(Exception):
    """A template refers to a file outside its set, or to a file that the set does not provide."""


class SetLoader(BaseLoader):
    """Loads from a template set's chain. `display_names` collects the names under which tracebacks list its templates."""

    def __init__(self, template_set: TemplateSet) -> None:
        self.template_set = template_set
        self.display_names: set[str] = set()

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Returns the source of a template, its name in messages, and a function that returns whether the source is
        current.

        Raises:
            TemplateNotFound: the set has no such file.
            ForbiddenTemplateError: the name is not permitted.
            ContentError: the file is not UTF-8.
        """
        name = PurePosixPath(template).as_posix()
        try:
            path = self.template_set.find_path(name)
        except FileNotFoundError:
            raise TemplateNotFound(template) from None
        except PermissionError as error:
            raise ForbiddenTemplateError(str(error)) from None
        display_name = self.template_set.display_name(name)
        self.display_names.add(display_name)
        began, stamp = time.time_ns(), stamp_file(path)
        try:
            source = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ContentError(
                [
                    Diagnostic(
                        "template-encoding",
                        "the template is not UTF-8",
                        SourceLocation(display_name, 1, 1),
                        hint="save as UTF-8",
                    )
                ]
            ) from None

        def is_current() -> bool:
            try:
                # A nearer folder of the set may have a file of this name by now.
                now = stamp_file(self.template_set.find_path(name))
            except OSError:
                return False
            return now == stamp and are_settled((stamp,), began)

        return source, display_name, is_current


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory for all sets, because most sets take most of their templates from the same
    parent.

    Every sandbox compiles a template to the same code, and refuses some templates before they are compiled.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code
        while len(self._codes) > _MAX_TEMPLATES:
            self._codes.pop(next(iter(self._codes)), None)
