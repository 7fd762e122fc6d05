"""As much of the `typst` command as pandoc uses: typst compile [OPTIONS] INPUT OUTPUT."""

import sys

import typst

source, target = [argument for argument in sys.argv[2:] if not argument.startswith("--")][-2:]
typst.Compiler(source, root="/").compile(output=target)
