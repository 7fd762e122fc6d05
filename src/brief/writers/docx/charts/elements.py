"""Elements of DrawingML that all parts of a chart are made of (ECMA-376 part 1, 21.2)."""

from collections.abc import Sequence

from brief.charts.canvas import SMALL_SIZE, TEXT_SIZE
from brief.model.appearance.look import Look
from brief.model.record import dataclass
from brief.writers.docx.reference.languages import Face
from brief.writers.ooxml.elements import Element, make_drawing_element

# The ids with which the two axes refer to each other; any two numbers will do.
CATEGORY_AXIS, VALUE_AXIS = 111111111, 222222222
HAIRLINE = 9525  # EMU; three quarters of a point, as thin as a CSS pixel


@dataclass(frozen=True, slots=True)
class ChartTextStyle:
    """The style of a chart's text: `faces` are the Latin and the East Asian font, `language` is the tag for `a:rPr`,
    and `scale` is in points per CSS pixel.
    """

    look: Look
    faces: tuple[Face, Face]
    language: str
    scale: float

    def to_size(self, pixels: float) -> int:
        """Returns a size in hundredths of a point."""
        return round(pixels * self.scale * 100)


def build_element(tag: str, *children: Element | None, **attributes: str | int | float) -> Element:
    """Builds an element of the chart; children that are None are left out."""
    element = make_drawing_element(f"c:{tag}", *(child for child in children if child is not None))
    for name, value in attributes.items():
        element.set(name, f"{value}")
    return element


def build_manual_layout(*, inner: bool = False, **shares: float) -> Element:
    """Builds the position of an element, in shares of the chart's area (21.2.2.95)."""
    manual_layout = build_element("manualLayout", build_element("layoutTarget", val="inner") if inner else None)
    manual_layout.extend(build_element(f"{name}Mode", val="edge") for name in ("x", "y"))
    manual_layout.extend(build_element(name, val=f"{share:.5f}") for name, share in shares.items())
    return build_element("layout", manual_layout)


def build_fill(colour: str | None) -> Element:
    """Builds the properties of an area without outline, filled with the colour `#rrggbb` or, if it is None, not filled."""
    return build_element(
        "spPr",
        _fill(colour) if colour else make_drawing_element("a:noFill"),
        make_drawing_element("a:ln", make_drawing_element("a:noFill")),
    )


def make_stroke(colour: str, width: int, dash: str = "solid") -> Element:
    """Makes a line; its width is in EMU, and `dash` is a value of `a:prstDash`."""
    return make_drawing_element(
        "a:ln", _fill(colour), make_drawing_element("a:prstDash", val=dash), make_drawing_element("a:round"), w=width
    )


def _fill(colour: str) -> Element:
    return build_colour("a:solidFill", colour)


def build_colour(tag: str, colour: str) -> Element:
    """Builds an element for a colour, given as `#rrggbb`."""
    return make_drawing_element(tag, make_drawing_element("a:srgbClr", val=format_hex(colour)))


def format_hex(colour: str) -> str:
    """Formats the colour `#rrggbb` as `RRGGBB`."""
    return colour.lstrip("#").upper()


def make_text_properties(text_style: ChartTextStyle, pixels: float, colour: str, *, wrapped: bool = False) -> Element:
    """Makes the style of text that Word generates, such as the labels of an axis. `pixels` is the font size in CSS
    pixels; `wrapped` text may take several lines.
    """
    paragraph = make_drawing_element(
        "a:p", make_drawing_element("a:pPr", make_run_properties("a:defRPr", text_style, pixels, colour))
    )
    paragraph.append(make_drawing_element("a:endParaRPr", lang=text_style.language))
    # Horizontal, and on one line except on axes: LibreOffice breaks values according to the height of the chart.
    body = make_drawing_element("a:bodyPr", rot=0, vert="horz", wrap="square" if wrapped else "none")
    return build_element("txPr", body, make_drawing_element("a:lstStyle"), paragraph)


def make_rich_text(lines: Sequence[str], text_style: ChartTextStyle, colour: str | None = None) -> Element:
    """Makes lines of fixed text, which stay the same if the chart's data is edited. With a `colour`, they have the size
    of labels; without one, they are small and in the colour of text.
    """
    text_colour = colour or text_style.look.colours["ink"]
    size = TEXT_SIZE if colour else SMALL_SIZE
    paragraphs = []
    for line in lines:
        run = make_drawing_element(
            "a:r", make_run_properties("a:rPr", text_style, size, text_colour), make_drawing_element("a:t")
        )
        run[1].text = line
        paragraphs.append(make_drawing_element("a:p", run))
    body = make_drawing_element("a:bodyPr", rot=0, vert="horz", wrap="none")
    return build_element("rich", body, make_drawing_element("a:lstStyle"), *paragraphs)


def make_run_properties(tag: str, text_style: ChartTextStyle, pixels: float, colour: str) -> Element:
    """Makes the properties of a run, with the size in CSS pixels."""
    latin, han = text_style.faces
    return make_drawing_element(
        tag,
        _fill(colour),
        make_drawing_element("a:latin", typeface=latin.name),
        make_drawing_element("a:ea", typeface=han.name),
        make_drawing_element("a:cs", typeface=latin.name),
        lang=text_style.language,
        sz=text_style.to_size(pixels),
        b=0,
    )
