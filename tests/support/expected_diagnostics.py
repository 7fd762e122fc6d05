"""Checks a broken project: the diagnostic, its location and advice, and that the output is unchanged."""

from projects import Found, ProjectCopy

Where = tuple[str, int, int]


def assert_refused(project: ProjectCopy, code: str, where: Where, *advice: str, times: int = 1) -> Found:
    """Checks that a project has one error, or `times`, which stops check and build; returns the first.

    `advice` are words that the hint, or without one the message, must contain.
    """
    before = project.files()
    status, found = project.check()
    errors = [diagnostic for diagnostic in found if diagnostic.severity == "error"]
    assert status == 1
    assert [diagnostic.code for diagnostic in errors] == [code] * times
    assert errors[0].where == where
    assert_advises(errors[0], advice)
    check, build = project.run("check"), project.run("build", "--jobs", "1")
    assert f"{location(where)}: error[{code}]: " in check.stdout
    assert build.status == 1
    assert f"error[{code}]: " in build.stderr
    assert "Traceback" not in check.stdout + check.stderr + build.stderr
    assert project.files() == before, "a refused build must leave every file as it was, and none behind"
    return errors[0]


def assert_warned(project: ProjectCopy, code: str, where: Where, *advice: str, times: int = 1) -> Found:
    """Checks that a project has one warning, which passes, but not with --strict."""
    status, found = project.check()
    assert [(diagnostic.severity, diagnostic.code) for diagnostic in found] == [("warning", code)] * times
    assert found[0].where == where
    assert_advises(found[0], advice)
    assert status == 0
    strict, as_errors = project.check("--strict")
    assert (strict, {diagnostic.severity for diagnostic in as_errors}) == (1, {"error"})
    return found[0]


def assert_accepted(project: ProjectCopy) -> None:
    status, found = project.check()
    assert (status, found) == (0, [])


def assert_advises(diagnostic: Found, advice: tuple[str, ...]) -> None:
    said = f"{diagnostic.message} {diagnostic.hint}"
    assert all(words in said for words in advice), said


def location(where: Where) -> str:
    file, line, column = where
    return f"{file}:{line}:{column}" if line else file
