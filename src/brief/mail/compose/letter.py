"""The letter of a variant: the content of its mails, except for the recipient's name."""

import html
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import field
from hashlib import sha256

from markupsafe import Markup

from brief.mail.compose import css_inline
from brief.mail.compose.colours import derive_shades
from brief.model.appearance.look import Look
from brief.model.artifact import Artifact
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.inline import to_plain_text
from brief.model.record import dataclass
from brief.model.source_location import UNKNOWN_LOCATION
from brief.model.variant import Chart, Variant
from brief.reading.addresses import find_header_problem
from brief.resolve.figures.plurals import find_plural_index
from brief.store import digest
from brief.templating.plain import Plain
from brief.templating.style import read_style_rules
from brief.templating.template_set import TemplateSet
from brief.writers.formats import FORMATS

# U+FFFC instead of the recipient's name: "used as placeholder in text for an otherwise unspecified object" (Unicode).
RECIPIENT = "\ufffc"
# The width inside a page of 600 pixels (see `mail/inline.css`), and PNG pixels per CSS pixel, for high-density displays.
_CHART_WIDTH, _CHART_SCALE = 526, 2.0
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the body, to which the HTML refers with `cid:` and its Content-ID (RFC 2392).

    `data` is the PNG. `svg` is the drawing, whose text can be inspected; plans do not store it.
    """

    cid: str
    media_type: str
    data: bytes = field(repr=False)
    svg: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The content of one variant's mails. `html` and `text` have `RECIPIENT` instead of the recipient's name.

    `sender_name` is the publisher; `title` is in the names of attachments.
    """

    brief: str
    date: str
    audience: str
    locale: str
    sender_name: str
    title: str
    subject: str
    html: str = field(repr=False)
    text: str = field(repr=False)
    pictures: tuple[Picture, ...] = ()

    @property
    def variant_name(self) -> str:
        return f"{self.audience}.{self.locale}"

    @property
    def digest(self) -> str:
        """SHA-256 of what recipients see: sender, title, subject, texts and pictures."""
        pictures = [sha256(picture.data).hexdigest() for picture in self.pictures]
        return digest(self.sender_name, self.title, self.subject, self.html, self.text, *pictures)


def compose_letter(
    variant: Variant, template_set: TemplateSet, artifacts: Iterable[Artifact] = (), *, unsubscribe: str | None = None
) -> Letter:
    """Writes the letter of a variant with the template set's `mail/` templates; it lists `artifacts` as attachments.

    `unsubscribe` is the address in the letter (`Unsubscribe.letter_uri`). The picture is that of the hero chart, or
    else of the first chart.

    Raises:
        ContentError: a template has errors, or a text is not safe in a header.
        MachineError: the extra `mail` is not installed.
    """
    from brief.templating.sandbox import render

    charts = [block for section in variant.sections for block in section.blocks if isinstance(block, Chart)]
    chart = next((chart for chart in charts if chart.is_hero), next(iter(charts), None))
    picture = _draw_chart(chart, variant.locale, template_set.look) if chart else None
    context = _make_context(variant, template_set.look, chart, picture)
    context["attachments"] = [{"format": a.format, "words": _describe_file(a, variant)} for a in artifacts]
    context["unsubscribe"] = unsubscribe

    def render_text(name: str) -> str:
        # Templates always escape; plain texts are unescaped.
        return html.unescape(render(template_set, f"mail/{name}", context, variant.catalogue)).strip()

    letter = Letter(
        brief=variant.brief,
        date=variant.date,
        audience=variant.audience,
        locale=variant.locale,
        sender_name=variant.publisher,
        title=f"{variant.title} - {variant.audience_title}",
        subject=render_text("subject.txt.j2"),
        html=_render_page(variant, template_set, context),
        text=render_text("body.txt.j2") + "\n",
        pictures=(picture,) if picture else (),
    )
    problems = [
        Diagnostic("unsafe-header", f"the {subject} of {letter.variant_name} {problem}", UNKNOWN_LOCATION, "remove it")
        for subject, value in (("subject", letter.subject), ("publisher's name", letter.sender_name))
        if (problem := find_header_problem(value)) is not None
    ]
    if problems:
        raise ContentError(problems)
    return letter


def _make_context(variant: Variant, look: Look, chart: Chart | None, picture: Picture | None) -> dict[str, Plain]:
    opening = variant.introduction or (variant.sections[0].summary if variant.sections else ())
    return {
        "locale": variant.locale,
        "title": variant.title,
        "subtitle": variant.subtitle,
        "publisher": variant.publisher,
        "audience_title": variant.audience_title,
        "marking": variant.marking,
        "date": variant.date,
        "date_text": variant.date_text,
        "recipient": RECIPIENT,
        "preheader": to_plain_text(opening),
        "introduction": to_plain_text(variant.introduction) if variant.introduction else None,
        "sections": [
            {
                "title": to_plain_text(section.title),
                "summary": to_plain_text(section.summary),
                "takeaways": [to_plain_text(takeaway) for takeaway in section.takeaways],
            }
            for section in variant.sections
        ],
        "chart": _describe_chart(chart, picture) if chart and picture else None,
        "colours": dict(look.colours),
    }


def _describe_chart(chart: Chart, picture: Picture) -> Plain:
    return {
        "title": to_plain_text(chart.title),
        "description": chart.description,
        "cid": picture.cid,
        "width": _CHART_WIDTH,
    }


def _render_page(variant: Variant, template_set: TemplateSet, context: dict[str, Plain]) -> str:
    from brief.templating.sandbox import render

    colours = template_set.look.colours
    properties = {**colours, **derive_shades(colours)}
    display_name = template_set.display_name("mail/inline.css")
    sheet = css_inline.read_styles(
        read_style_rules(template_set, "mail/inline.css").text, display_name, variant.locale, properties
    )
    stylesheet = Markup(sheet.resolve(read_style_rules(template_set, "mail/page.css").text))  # noqa: S704  the set's own
    page = render(template_set, "mail/body.html.j2", context | {"stylesheet": stylesheet}, variant.catalogue)
    return sheet.inline_styles(page)


def _draw_chart(chart: Chart, locale: str, look: Look) -> Picture:
    # Imported here, so that a faulty list of recipients is refused before drawing is loaded.
    from brief.charts.draw import draw_svg
    from brief.charts.raster import rasterise

    root = ET.fromstring(draw_svg(chart, locale, look))  # noqa: S314  drawn by this package
    # Dark mode leaves pictures unchanged, so dark text in them needs its own light background.
    background = ET.Element(f"{{{_SVG}}}rect", width="100%", height="100%", fill=look.colours["paper"])
    root.insert(0, background)
    svg = ET.tostring(root, encoding="unicode")
    data = rasterise(svg, _CHART_SCALE)
    return Picture(f"{sha256(data).hexdigest()[:32]}@brief", "image/png", data, svg)


def _describe_file(artifact: Artifact, variant: Variant) -> str:
    """Describes the kind and length of a file ("PDF, 12 pages") in the variant's language."""
    catalogue = variant.catalogue
    kind = catalogue.get(FORMATS[artifact.format].file_label if artifact.format in FORMATS else "File", "mail")
    if artifact.pages is None:
        return kind
    form = find_plural_index(artifact.pages, variant.locale)
    text = catalogue.get_plural("{kind}, {count} page", "{kind}, {count} pages", form, "mail")
    return text.format(kind=kind, count=artifact.pages)
