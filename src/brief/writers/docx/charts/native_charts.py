"""Charts that Word draws itself, and whose figures a reader can edit there: a chart part and the workbook behind it."""

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import nsmap

from brief.charts.kinds import CHART_DRAWINGS
from brief.charts.parts import ChartPart, take_part
from brief.charts.problems import report_undrawable
from brief.model.variant import Chart
from brief.writers.docx.body.composer import Composer
from brief.writers.docx.body.pictures import EMU_PER_TWIP
from brief.writers.docx.charts.chart_figures import format_chart_values, format_ticks
from brief.writers.docx.charts.chart_xml import build_chart_xml
from brief.writers.docx.charts.elements import ChartTextStyle
from brief.writers.docx.charts.workbook import build_workbook
from brief.writers.ooxml.elements import Element, build_inline_drawing, make_drawing_element

_TWIPS_PER_POINT = 20


def compose_native_chart(composer: Composer, whole: Chart, part: ChartPart) -> Element | None:
    """Composes a run with a part of the chart `whole`, as wide as the text; None if Word cannot show the part as it is
    drawn.

    Word cannot show these: kinds that it does not have, charts in which a value is not printed as a single number,
    lines so close that their values need positions of their own, charts with annotations, and charts taller than a
    page.

    Raises:
        ContentError: the chart cannot be drawn.
    """
    locate = None if whole.annotations else CHART_DRAWINGS[whole.chart_kind].locate
    with report_undrawable(whole):
        area = locate(whole, composer.look, part.shown) if locate else None
    chart = take_part(whole, part)
    rows = format_chart_values(chart)
    axes = [chart.ticks] if area and area.has_axis else [series.ticks for series in chart.series if series.ticks]
    if area is None or rows is None or not all(format_ticks(ticks) for ticks in axes):
        return None
    height = round(composer.width * area.drawing_height / area.drawing_width)
    if height > composer.height:
        return None
    faces = composer.language.choose_faces(composer.look.find_faces(composer.language.tag), "sans")
    text_style = ChartTextStyle(
        look=composer.look,
        faces=faces,
        language=composer.language.document_tag,
        scale=composer.width / _TWIPS_PER_POINT / area.drawing_width,
    )
    face = faces[1 if composer.language.is_chinese else 0].name
    book = build_workbook(chart, rows, face, composer.catalogue)
    package = composer.part.package
    # The reference document may itself contain charts.
    chart_part = _ChartPart(package.next_partname("/word/charts/chart%d.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    relationship_id = composer.part.relate_to(chart_part, RELATIONSHIP_TYPE.CHART)
    book_part = Part(package.next_partname("/word/embeddings/chart%d.xlsx"), CONTENT_TYPE.SML_SHEET, book, package)
    workbook = chart_part.relate_to(book_part, RELATIONSHIP_TYPE.PACKAGE)
    chart_part.xml = build_chart_xml(chart, rows, area, text_style, workbook)
    number = composer.take_drawing_id()
    return build_inline_drawing(
        make_drawing_element("c:chart", namespaces={"r": nsmap["r"]}, r_id=relationship_id),
        nsmap["c"],
        number=number,
        name=f"Chart {number}",
        description=chart.description,
        size=(composer.width * EMU_PER_TWIP, height * EMU_PER_TWIP),
    )


class _ChartPart(Part):
    """A part whose bytes are known only once it has its own relations."""

    xml: bytes = b""

    @property
    def blob(self) -> bytes:
        return self.xml
