"""The only access that the print engine has to files: the files of the template set, the bundled fonts, and data: URIs."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping

from weasyprint.urls import URLFetcher, URLFetcherResponse

from brief.fonts import han, latin
from brief.model.assets import Image
from brief.templating.own_files import BASE, MAX_BYTES, read_own_file, require_few_pixels, resolve_own_name
from brief.templating.template_set import TemplateSet
from brief.writers.html.late_pictures import address_pictures

FACES = "faces/"
_PICTURES = "pictures/"
# The data: URI of a picture as `brief.templating.plain` writes it.
_PICTURE = re.compile(r'(?<=")data:(image/[a-z+.-]+);base64,([A-Za-z0-9+/]{1000,}={0,2})(?=")')

Picture = tuple[str, bytes]


class LockedFetcher(URLFetcher):  # type: ignore[misc]
    """Serves data: URIs, and under `BASE` the files of the set, bundled fonts, `subsets` and `pictures` (by address).
    Refuses every other address; `refused` lists each with the reason.

    The engine swallows what a fetcher raises, so callers must check `refused` afterwards.
    """

    def __init__(
        self,
        template_set: TemplateSet,
        subsets: Iterable[han.FontSubset] = (),
        pictures: Mapping[str, Picture] | None = None,
    ) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self.pictures = pictures or {}
        self.template_set = template_set
        self.subsets = {make_subset_url(subset): subset.data for subset in subsets}
        self.refused: list[tuple[str, str]] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        try:
            return self._fetch(url)
        except Exception as error:
            self.refused.append((url[:120], str(error)))
            raise

    def _fetch(self, url: str) -> URLFetcherResponse:
        if url[:5].lower() == "data:":
            if len(url) > MAX_BYTES:
                raise ValueError("the data: URI is too long")
            return _require_few_pixels(super().fetch(url))
        if url in self.subsets:
            return URLFetcherResponse(url, self.subsets[url], {"Content-Type": "font/otf"})
        if url in self.pictures:
            media_type, data = self.pictures[url]
            return URLFetcherResponse(url, data, {"Content-Type": media_type})
        name = resolve_own_name(url)
        if name.startswith(FACES):
            return URLFetcherResponse(url, _read_face(name.removeprefix(FACES)), {"Content-Type": "font/ttf"})
        media_type, data = read_own_file(self.template_set, name)
        return URLFetcherResponse(url, data, {"Content-Type": media_type})


def separate_pictures(markup: str, images: Iterable[Image] = ()) -> tuple[str, dict[str, Picture]]:
    """Replaces the pictures in a document, and the digests of `images`, with addresses. Returns the document and the
    pictures by address, for a `LockedFetcher`.

    The engine keeps several copies of every address, and so of every picture that is written as a data: URI.
    """
    pictures: dict[str, Picture] = {}

    def make_url(image: Image) -> str:
        url = f"{BASE}{_PICTURES}{image.sha256}"
        pictures[url] = image.media_type, image.data
        return url

    def replace(match: re.Match[str]) -> str:
        data = base64.b64decode(match[2])
        url = f"{BASE}{_PICTURES}{hashlib.sha256(data).hexdigest()}"
        pictures.setdefault(url, (match[1], data))
        return url

    return _PICTURE.sub(replace, address_pictures(markup, images, make_url)), pictures


def make_face_url(family: str, style: latin.FontStyle) -> str:
    """Returns the address at which `LockedFetcher` serves a bundled face."""
    return f"{BASE}{FACES}{latin.slugify_family(family)}/{style.name}.ttf"


def make_subset_url(subset: han.FontSubset) -> str:
    """Returns the address at which a `LockedFetcher` with the subset serves it."""
    return f"{BASE}{FACES}{latin.slugify_family(subset.family)}/{subset.weight}.otf"


def _require_few_pixels(response: URLFetcherResponse) -> URLFetcherResponse:
    """Returns the response; raises a ValueError for a picture that takes too much memory to decode."""
    data = response.read()
    # Whatever type the address states, because the engine tries to decode anything as a picture.
    require_few_pixels(data)
    return URLFetcherResponse(response.url, data, response.headers)


def _read_face(name: str) -> bytes:
    for family in latin.list_bundled_families():
        for style in latin.ALL_FONT_STYLES:
            if name == f"{latin.slugify_family(family)}/{style.name}.ttf":
                return latin.build_static_face(family, style)
    raise FileNotFoundError(f"there is no bundled face {name}")
