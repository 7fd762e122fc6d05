"""The command `brief build` with the CPU seconds of its inspection: measured_build.py FILE [ARGUMENT ...].

The seconds are written to FILE. They are those of the thread that inspects artifacts, from the first one on: extracting,
preparing what is searched for, searching, comparing documents with their variants, and imports that only this needs.
"""

import sys
import time
from pathlib import Path

from brief.cli import main
from brief.inspection import build_inspection
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.project import project

spent = 0.0


class MeasuredInspection(build_inspection.BuildInspection):
    def _inspect(self, artifact: Artifact) -> tuple[Diagnostic, ...]:
        global spent
        start = time.thread_time()
        try:
            return super()._inspect(artifact)
        finally:
            spent += time.thread_time() - start


if __name__ == "__main__":
    target = Path(sys.argv.pop(1))
    project.BuildInspection = MeasuredInspection
    try:
        main()
    finally:
        target.write_text(f"{spent:.3f}\n")
