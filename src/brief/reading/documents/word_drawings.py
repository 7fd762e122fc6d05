"""Reads the pictures in the drawings of a Word document, and reports charts, SmartArt, shapes and text boxes."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from brief.reading.documents.document import DocumentPart, DocumentPicture
from brief.reading.documents.word_context import WordContext, collect_text
from brief.reading.documents.word_package import Element, get_local_name, qualify_name


def read_drawing(context: WordContext, element: Element, *, after_text: bool) -> None:
    """Adds the pictures of a drawing to `context.pictures`, and reports everything else in it.

    `after_text` says that text of the paragraph comes before the drawing, so that moving it is reported.
    """
    location = context.locate()
    if get_local_name(element) == "object":
        program = next(
            (child.get("ProgID", "") for child in element.iter() if get_local_name(child) == "OLEObject"), ""
        )
        context.report.omit(location, f"an embedded object {program}".rstrip(), collect_text(element))
        return
    properties = next((child for child in element.iter() if get_local_name(child) == "docPr"), None)
    texts = {key: (properties.get(key, "") if properties is not None else "") for key in ("descr", "title", "name")}
    pictures = [*_find_pictures(context, element)]
    other_content = [*_find_other_content(context, element)]
    for data, file in pictures:
        if after_text:
            context.record_lost_formatting("a picture within a text is moved after its paragraph")
        picture = DocumentPicture(file, data, texts["descr"], texts["title"])
        context.pictures.append(DocumentPart(picture, location))
        texts["descr"] = texts["title"] = ""
    for what, words in other_content:
        context.report.omit(location, what, words)
    if not pictures and not other_content:
        words = " ".join(filter(None, (texts["descr"], texts["title"], collect_text(element))))
        context.report.omit(location, "a drawing", words)
    elif not pictures and (texts["descr"] or texts["title"]):
        words = " ".join(filter(None, (texts["descr"], texts["title"])))
        context.report.omit(location, "the alternative text of a drawing", words)


def _find_pictures(context: WordContext, element: Element) -> Iterator[tuple[bytes, str]]:
    """Yields the data and the file name of each picture, and reports those that are linked, missing or damaged."""
    relationships = context.package.read_relationships(context.part)
    for image in element.iter(qualify_name("a:blip"), qualify_name("v:imagedata")):
        relationship_id = (
            image.get(qualify_name("r:embed"))
            or image.get(qualify_name("r:id"))
            or image.get(qualify_name("r:link"))
            or ""
        )
        relationship = relationships.get(relationship_id)
        if relationship is None:
            continue
        target = relationship.target
        if relationship.is_external:
            hint = "embed it in the document, or copy the file to content/assets/"
            context.report.omit(context.locate(), f"a picture outside of the document '{target}'", "", hint)
            continue
        data = context.package.read(target)
        if data is None:
            context.report.omit(context.locate(), f"the picture '{target}', which is missing or damaged,")
        else:
            yield data, PurePosixPath(target).name


def _find_other_content(context: WordContext, element: Element) -> Iterator[tuple[str, str]]:
    """Yields a description and the words of each chart, SmartArt graphic, text box and shape in a drawing."""
    relationships = context.package.read_relationships(context.part)
    for child in element.iter():
        name = get_local_name(child)
        attribute = {"chart": "r:id", "relIds": "r:dm"}.get(name)
        if attribute is not None:
            relationship = relationships.get(child.get(qualify_name(attribute), ""))
            root = (
                context.package.parse(relationship.target)
                if relationship is not None and not relationship.is_external
                else None
            )
            what = "an embedded chart" if name == "chart" else "a SmartArt graphic"
            yield what, collect_text(root) if root is not None else ""
        elif name == "txbxContent":
            yield "a text box", collect_text(child)
        elif name == "txBody":
            yield "the text of a shape", collect_text(child)
