"""Reads the front matter of Markdown documents: YAML between two lines of three hyphens."""

from brief.model.diagnostic_sink import DiagnosticSink
from brief.reading import text_file, yaml_nodes


def split_front_matter(name: str, content: str) -> tuple[str, str]:
    """Returns the title, and all other lines joined with spaces.

    The title is empty if it is missing, if it is not a text, or if the front matter is not valid YAML. `name` is the
    file name of the document.
    """
    lines = content.split("\n")
    node = yaml_nodes.parse(text_file.make_text_file(name, content), DiagnosticSink())
    starts = [key.location.line for key, _ in node.entries] if node else []
    for position, (key, value) in enumerate(node.entries if node else ()):
        if key.text == "title" and isinstance(value, yaml_nodes.ScalarNode):
            end = starts[position + 1] if position + 1 < len(starts) else len(lines) + 1
            title_lines = lines[starts[position] - 1 : end - 1]
            # Comments among these lines are not part of the title.
            comments = [line for line in title_lines if line.lstrip().startswith("#")]
            rest = [*lines[: starts[position] - 1], *comments, *lines[end - 1 :]]
            return " ".join(value.text.split()), " ".join(line for line in rest if line.strip())
    return "", " ".join(line for line in lines if line.strip())
