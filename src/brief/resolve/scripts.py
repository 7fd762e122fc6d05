"""In which script a locale is written, where its tag does not say."""

from functools import cache

from brief.model.locale import split_subtags


@cache
def add_likely_subtags(tag: str) -> str:
    """The tag with the script and region that it most likely stands for: `ja-Jpan-JP` of `ja`, `zh-Hant-HK` of `zh-HK`.

    Unicode Technical Standard 35, part 1, "Likely Subtags"; of a tag that CLDR says nothing of, the tag itself.
    """
    from babel.core import get_global

    known = get_global("likely_subtags")
    language, script, region = split_subtags(tag)
    for given in ((language, script, region), (language, region), (language, script), (language,)):
        found = known.get("_".join(part for part in given if part))
        if found is not None:
            _, likely_script, likely_region = found.split("_")
            return f"{language}-{script or likely_script}-{region or likely_region}"
    return tag


def infer_script(tag: str) -> str | None:
    """The script (ISO 15924) that the locale is written in: `Latn` of `fr`, `Jpan` of `ja`; None where nobody knows."""
    return split_subtags(add_likely_subtags(tag))[1]
