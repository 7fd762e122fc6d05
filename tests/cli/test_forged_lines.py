"""What a list of recipients quotes stays within its diagnostic."""

from projects import ProjectCopy


def test_a_line_break_in_an_address_begins_no_diagnostic(project: ProjectCopy) -> None:
    forged = "seeds/reader-survey.yaml:1:1: error[forged]: made up"
    project.write("readers.csv", f'name,address,audience,locale\nBob,"b@example.org\n{forged}",public,en\n')
    ran = project.run("mail", "plan", "readers.csv", "--from", "news@example.org")
    assert (ran.status, "bad-address" in ran.stderr) == (1, True), ran.stderr
    heads = [line for line in ran.stderr.splitlines() if line.startswith("seeds/")]
    assert heads == []
