"""The process in which Typst runs: compiles one folder after another and keeps its caches in between.

`brief.writers.pdf.typst.compiler` starts this file as a script, so that the process imports nothing but the engine. A
task is a line of JSON on standard input; the answer is a line of JSON on standard output, followed by as many bytes as
the line states.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

# One file that is a PDF/UA-1 (ISO 14289-1) and a PDF/A-2a (ISO 19005-2). The engine refuses to write files that do not
# conform.
_STANDARDS: list[Any] = ["ua-1", "a-2a"]


def main() -> None:
    """Serves tasks until standard input ends. The first argument is the memory limit in bytes."""
    _limit_memory(int(sys.argv[1]))
    output = sys.stdout.buffer
    for line in sys.stdin:
        answer, data = compile_folder(**json.loads(line))
        output.write(json.dumps(answer | {"size": len(data)}).encode() + b"\n" + data)
        output.flush()


def compile_folder(
    root: str, faces: str, main_file: str, timestamp: int, selector: str = ""
) -> tuple[dict[str, Any], bytes]:
    """Compiles `main_file` of the folder `root` with only the fonts in the folder `faces`. Returns the answer, and the
    PDF or, with a selector, the values of the metadata that it selects, as JSON.
    """
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[faces])
    # Typst packages installed on this machine are not read either.
    compiler = typst.Compiler(
        Path(root) / main_file,
        root=root,
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=faces,
        package_cache_path=faces,
    )
    try:
        if selector:
            return {"error": None, "warnings": []}, compiler.query(selector, field="value").encode()
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=_STANDARDS, timestamp=timestamp)
    except typst.TypstError as problem:
        return {"error": _describe(problem), "warnings": []}, b""
    return {"error": None, "warnings": [_describe(warning) for warning in warnings]}, pdf if isinstance(
        pdf, bytes
    ) else b""


def _describe(problem: Any) -> dict[str, Any]:
    return {"message": problem.message, "diagnostic": problem.diagnostic, "hints": list(problem.hints)}


def _limit_memory(memory: int) -> None:
    import resource

    for limit, maximum in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (maximum, maximum))


if __name__ == "__main__":
    main()
