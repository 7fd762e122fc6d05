"""Reads the pictures in the drawings of a Word document, and reports charts, SmartArt, shapes and text boxes."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from brief.reading.documents.document import DocumentPart, DocumentPicture
from brief.reading.documents.word_context import WordContext, collect_text
from brief.reading.documents.word_package import Element, get_local_name, qualify_name


def read_drawing(context: WordContext, element: Element, *, after_text: bool) -> None:
    """Reads the pictures of a drawing, which are moved after their paragraph, and reports everything else in it."""
    location = context.locate()
    if get_local_name(element) == "object":
        program = next((each.get("ProgID", "") for each in element.iter() if get_local_name(each) == "OLEObject"), "")
        context.report.omit(location, f"an embedded object {program}".rstrip(), collect_text(element))
        return
    properties = next((each for each in element.iter() if get_local_name(each) == "docPr"), None)
    texts = {key: (properties.get(key, "") if properties is not None else "") for key in ("descr", "title", "name")}
    pictures = [*_find_pictures(context, element)]
    others = [*_find_others(context, element)]
    for data, file in pictures:
        if after_text:
            context.record_lost_formatting("a picture within a text is moved after its paragraph")
        picture = DocumentPicture(file, data, texts["descr"], texts["title"])
        context.pictures.append(DocumentPart(picture, location))
        texts["descr"] = texts["title"] = ""
    for what, words in others:
        context.report.omit(location, what, words)
    if not pictures and not others:
        words = " ".join(filter(None, (texts["descr"], texts["title"], collect_text(element))))
        context.report.omit(location, "a drawing", words)
    elif not pictures and (texts["descr"] or texts["title"]):
        words = " ".join(filter(None, (texts["descr"], texts["title"])))
        context.report.omit(location, "the alternative text of a drawing", words)


def _find_pictures(context: WordContext, element: Element) -> Iterator[tuple[bytes, str]]:
    relationships = context.package.read_relationships(context.part)
    for each in element.iter(qualify_name("a:blip"), qualify_name("v:imagedata")):
        relationship = (
            each.get(qualify_name("r:embed"))
            or each.get(qualify_name("r:id"))
            or each.get(qualify_name("r:link"))
            or ""
        )
        found = relationships.get(relationship)
        if found is None:
            continue
        if found.is_external:
            target = f" '{found.target}'"
            hint = "embed it in the document, or copy the file to content/assets/"
            context.report.omit(context.locate(), f"a picture outside of the document{target}", "", hint)
            continue
        data = context.package.read(found.target)
        if data is None:
            context.report.omit(context.locate(), f"the picture {found.target}, which is missing from the document,")
        else:
            yield data, PurePosixPath(found.target).name


def _find_others(context: WordContext, element: Element) -> Iterator[tuple[str, str]]:
    """Yields everything in a drawing that is not a picture, with its words."""
    relationships = context.package.read_relationships(context.part)
    for each in element.iter():
        name = get_local_name(each)
        attribute = {"chart": "r:id", "relIds": "r:dm"}.get(name)
        if attribute is not None:
            found = relationships.get(each.get(qualify_name(attribute), ""))
            root = context.package.parse(found.target) if found is not None and not found.is_external else None
            what = "an embedded chart" if name == "chart" else "a SmartArt graphic"
            yield what, collect_text(root) if root is not None else ""
        elif name == "txbxContent":
            yield "a text box", collect_text(each)
        elif name == "txBody":
            yield "the text of a shape", collect_text(each)
