"""Snapshot files by kind of output, so that a diff is in the format concerned."""

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode


class _Text(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT


class Html(_Text):
    file_extension = "html"


class Xml(_Text):
    file_extension = "xml"


class Plain(_Text):
    file_extension = "txt"
