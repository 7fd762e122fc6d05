"""Every Typst file of a folder as PDF, by one compiler: typst_all.py SOURCES OUTPUT."""

import sys
from pathlib import Path

import typst

sources, output = map(Path, sys.argv[1:])
paths = sorted(sources.glob("*.typ"))
compiler = typst.Compiler(str(paths[0]), root=str(sources))
for path in paths:
    compiler.compile(input=str(path), output=str(output / f"{path.stem}.pdf"))
