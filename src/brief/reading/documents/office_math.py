"""Translates the formulas of Word (Office Math, ECMA-376 part 1, 22.1) to LaTeX."""

import re
from collections.abc import Callable, Mapping

from brief.reading.documents.word_package import Element, get_local_name, qualify_name

# LaTeX commands by the character that they print: Greek letters and mathematical signs.
_COMMANDS = {
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω", ["alpha", "beta", "gamma", "delta", "varepsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "varphi", "chi", "psi", "omega"], strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΥΦΨΩ", ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"], strict=True)),
    "ϵ": "epsilon", "ϕ": "phi", "ς": "varsigma", "∞": "infty", "±": "pm", "∓": "mp", "×": "times", "÷": "div", "⋅": "cdot",
    "·": "cdot", "≤": "leq", "≥": "geq", "≠": "neq", "≈": "approx", "≡": "equiv", "∼": "sim", "∝": "propto", "∈": "in",
    "∉": "notin", "⊂": "subset", "⊆": "subseteq", "∪": "cup", "∩": "cap", "∅": "emptyset", "∀": "forall", "∃": "exists",
    "∂": "partial", "∇": "nabla", "→": "to", "←": "leftarrow", "⇒": "Rightarrow", "⇔": "Leftrightarrow", "…": "dots",
    "⋯": "cdots", "∑": "sum", "∏": "prod", "∐": "coprod", "∫": "int", "∬": "iint", "∭": "iiint", "∮": "oint",
    "⋃": "bigcup", "⋂": "bigcap", "⋁": "bigvee", "⋀": "bigwedge", "ℝ": "mathbb{R}", "ℕ": "mathbb{N}", "ℤ": "mathbb{Z}",
}  # fmt: skip
# Other characters that LaTeX needs in another form; "" leaves out invisible ones.
_ESCAPED = {
    **{sign: f"\\{sign}" for sign in "%$&#_{}"},
    "\\": "\\backslash ",
    "−": "-",
    "\u2061": "",
    "\u200b": "",
    "\xa0": "\\ ",
}
_FUNCTIONS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "cot",
        "sec",
        "csc",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "log",
        "ln",
        "exp",
        "lim",
        "max",
        "min",
        "sup",
        "inf",
        "det",
        "gcd",
        "arg",
        "deg",
        "dim",
    ]
)
# LaTeX commands by combining character.
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "overline", "\u0307": "dot", "\u0308": "ddot",
            "\u20d7": "vec", "\u030c": "check", "\u0306": "breve"}  # fmt: skip
_FENCES = {"{": "\\{", "}": "\\}", "⟨": "\\langle", "⟩": "\\rangle", "⌈": "\\lceil", "⌉": "\\rceil", "⌊": "\\lfloor",
           "⌋": "\\rfloor", "‖": "\\|", "": ".", "|": "|", "∣": "|"}  # fmt: skip
_WORD = re.compile(r"[A-Za-z]{2,}")
_ROW_END = " \\\\ "


class UnknownFormulaError(ValueError):
    """A formula has an element or an accent that cannot be translated; the message names it."""


def write_latex(element: Element) -> str:
    """Returns the LaTeX of an `m:oMath`, without dollar signs; empty if it has no content.

    Raises:
        UnknownFormulaError: it has an element or an accent that cannot be translated.
    """
    return " ".join("".join(map(_write, element)).split())


def _write(element: Element) -> str:
    name = get_local_name(element)
    if name.endswith("Pr") or not name or name in ("bookmarkStart", "bookmarkEnd", "proofErr"):
        return ""
    write = _WRITERS.get(name)
    if write is None:
        raise UnknownFormulaError(name)
    return write(element)


def _write_child(element: Element, name: str) -> str:
    child = element.find(qualify_name(f"m:{name}"))
    return "" if child is None else "".join(map(_write, child)).strip()


def _read_property(element: Element, properties: str, name: str) -> str | None:
    """Returns the `m:val` of a property; None without the property, and "" if it has no value."""
    property_ = element.find(f"{qualify_name(f'm:{properties}')}/{qualify_name(f'm:{name}')}")
    return None if property_ is None else property_.get(qualify_name("m:val"), "")


def _write_run(element: Element) -> str:
    text = "".join(part.text or "" for part in element.iter(qualify_name("m:t")))
    properties = element.find(qualify_name("m:rPr"))
    if properties is not None and properties.find(qualify_name("m:nor")) is not None:
        return f"\\text{{{_escape_text(text)}}}" if text.strip() else "\\ "
    if text.strip() in _FUNCTIONS:
        return f"\\{text.strip()} "
    return "".join(_write_sign(piece) for piece in re.findall(r"[A-Za-z]{2,}|.", text, re.DOTALL))


def _write_sign(piece: str) -> str:
    if _WORD.fullmatch(piece):
        # A name of two letters is a product of variables; a longer one is a word.
        return f"\\{piece} " if piece in _FUNCTIONS else piece if len(piece) == 2 else f"\\text{{{piece}}}"
    if piece in _COMMANDS:
        command = _COMMANDS[piece]
        return f"\\{command} "
    return _ESCAPED.get(piece, piece)


def _escape_text(text: str) -> str:
    return re.sub(r"[%$&#_{}]", r"\\\g<0>", text)


def _write_fraction(element: Element) -> str:
    kind = _read_property(element, "fPr", "type")
    top, bottom = _write_child(element, "num"), _write_child(element, "den")
    return f"\\binom{{{top}}}{{{bottom}}}" if kind == "noBar" else f"\\frac{{{top}}}{{{bottom}}}"


def _write_radical(element: Element) -> str:
    degree = _write_child(element, "deg")
    return f"\\sqrt[{degree}]{{{_write_child(element, 'e')}}}" if degree else f"\\sqrt{{{_write_child(element, 'e')}}}"


def _make_script_writer(*names: str) -> Callable[[Element], str]:
    def write(element: Element) -> str:
        signs = {"sub": "_", "sup": "^"}
        return f"{{{_write_child(element, 'e')}}}" + "".join(
            f"{signs[name]}{{{_write_child(element, name)}}}" for name in names
        )

    return write


def _write_prescript(element: Element) -> str:
    return f"{{}}_{{{_write_child(element, 'sub')}}}^{{{_write_child(element, 'sup')}}}{{{_write_child(element, 'e')}}}"


def _write_nary(element: Element) -> str:
    sign = _read_property(element, "naryPr", "chr") or "∫"
    command = f"\\{_COMMANDS[sign]}" if sign in _COMMANDS else sign
    limits = "".join(
        f"{script}{{{_write_child(element, name)}}}"
        for name, script in (("sub", "_"), ("sup", "^"))
        if _write_child(element, name)
    )
    return f"{command}{limits} {_write_child(element, 'e')}"


def _write_delimited(element: Element) -> str:
    opening, closing = _read_property(element, "dPr", "begChr"), _read_property(element, "dPr", "endChr")
    separator = _read_property(element, "dPr", "sepChr") or "|"
    inner = f" {separator} ".join("".join(map(_write, each)).strip() for each in element.findall(qualify_name("m:e")))
    opening = "(" if opening is None else opening
    closing = ")" if closing is None else closing
    return f"\\left{_FENCES.get(opening, opening)} {inner} \\right{_FENCES.get(closing, closing)} "


def _write_function(element: Element) -> str:
    return f"{_write_child(element, 'fName')} {{{_write_child(element, 'e')}}}"


def _write_accent(element: Element) -> str:
    sign = _read_property(element, "accPr", "chr") or "\u0302"
    if sign not in _ACCENTS:
        raise UnknownFormulaError(f"accent {sign}")
    return f"\\{_ACCENTS[sign]}{{{_write_child(element, 'e')}}}"


def _write_bar(element: Element) -> str:
    command = "overline" if _read_property(element, "barPr", "pos") == "top" else "underline"
    return f"\\{command}{{{_write_child(element, 'e')}}}"


def _write_group(element: Element) -> str:
    is_above = _read_property(element, "groupChrPr", "pos") == "top"
    return f"\\{'overbrace' if is_above else 'underbrace'}{{{_write_child(element, 'e')}}}"


def _make_limit_writer(script: str) -> Callable[[Element], str]:
    def write(element: Element) -> str:
        base = _write_child(element, "e")
        if base.startswith("\\") and base[1:].strip() in _FUNCTIONS:
            return f"{base}{script}{{{_write_child(element, 'lim')}}}"
        command = "overset" if script == "^" else "underset"
        return f"\\{command}{{{_write_child(element, 'lim')}}}{{{base}}}"

    return write


def _write_matrix(element: Element) -> str:
    rows = (
        " & ".join("".join(map(_write, cell)).strip() for cell in row.findall(qualify_name("m:e")))
        for row in element.findall(qualify_name("m:mr"))
    )
    return f"\\begin{{matrix}} {_ROW_END.join(rows)} \\end{{matrix}}"


def _write_rows(element: Element) -> str:
    rows = ("".join(map(_write, each)).strip() for each in element.findall(qualify_name("m:e")))
    return f"\\begin{{matrix}} {_ROW_END.join(rows)} \\end{{matrix}}"


def _write_content(element: Element) -> str:
    return "".join(map(_write, element))


_WRITERS: Mapping[str, Callable[[Element], str]] = {
    "r": _write_run,
    "f": _write_fraction,
    "rad": _write_radical,
    "sSub": _make_script_writer("sub"),
    "sSup": _make_script_writer("sup"),
    "sSubSup": _make_script_writer("sub", "sup"),
    "sPre": _write_prescript,
    "nary": _write_nary,
    "d": _write_delimited,
    "func": _write_function,
    "acc": _write_accent,
    "bar": _write_bar,
    "groupChr": _write_group,
    "limLow": _make_limit_writer("_"),
    "limUpp": _make_limit_writer("^"),
    "m": _write_matrix,
    "eqArr": _write_rows,
    "e": _write_content,
    "box": lambda element: _write_child(element, "e"),
    "oMath": _write_content,
    "num": _write_content,
    "den": _write_content,
}
