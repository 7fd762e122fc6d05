"""All benchmarks in one run on one machine: python benchmarks/run.py. README.md beside this says what the numbers mean."""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import click
import growth
from briefing import Prepared, copy, prepare, sentences
from meter import Cost, adopt_orphans, run
from notebook import Costs, Notebook
from peers import PEERS, Entry

from brief.project.new_project import NewProject, create_project

HERE = Path(__file__).parent
ROOT = HERE.parent
COLD = {"all files": (), "PDF alone": ("pdf",), "DOCX alone": ("docx",), "HTML and DOCX": ("html", "docx")}
ONE = "PDF alone, --jobs 1"
TYPST = ("--pdf-engine", "typst")


@dataclass(frozen=True)
class Row:
    """One line of the report: `base` is the cost that it is set against."""

    name: str
    cost: Cost
    base: Cost
    slower: bool = True

    @property
    def ratios(self) -> tuple[float, float]:
        """Of wall and CPU time: how many times slower than brief cold, or how many times faster."""
        pairs = ((self.cost.wall, self.base.wall), (self.cost.cpu, self.base.cpu))
        wall, cpu = (mine / base if self.slower else base / mine for mine, base in pairs)
        return wall, cpu

    def print(self) -> None:
        wall, cpu = self.ratios
        word = "of brief" if self.slower else "faster"
        peak = f"{self.cost.peak:5.0f} MiB" if self.cost.peak else ""
        click.echo(
            f"{self.name:58} {self.cost.wall:7.2f} s wall {self.cost.cpu:7.2f} s CPU  "
            f"{wall:5.2f}x wall {cpu:5.2f}x CPU {word:9} {peak}"
        )


@click.command
@click.option("--project", type=click.Path(exists=True, path_type=Path), default=ROOT, help="The briefing to measure.")
@click.option("--pages", default=1000, help="The longest document of the growth test; 0 for none.")
@click.option("--variants", default=1000, help="The most variants of the growth test; 0 for none.")
@click.option("--peers/--no-peers", default=True, help="Whether to run the other tools.")
@click.option("--quick", is_flag=True, help="A small project, ten pages, ten variants: some minutes.")
@click.option("--resume", is_flag=True, help="Go on with a run that was ended; what it measured is not measured again.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=HERE / "results", help="For the JSON and the plot."
)
def main(project: Path, pages: int, variants: int, peers: bool, quick: bool, resume: bool, output: Path) -> None:
    """Measure `brief` and other tools on the same briefing, and print ratios."""
    adopt_orphans()
    output.mkdir(parents=True, exist_ok=True)
    if quick:
        project, pages, variants = output / "project", min(pages, 10), min(variants, 10)
        if not project.exists():
            create_project(project, NewProject())
    setting: dict[str, object] = {"project": str(project.resolve()), "pages": pages, "variants": variants}
    notebook = Notebook(output / "benchmark.json", resume=resume, setting=setting)
    with tempfile.TemporaryDirectory(prefix="brief-benchmark-") as folder:
        bench = Bench(project, Path(folder), notebook)
        click.echo("Against a cold build of the same files:")
        rows = []
        for row in bench.rows(peers=peers):
            row.print()
            rows.append(row)
        grown = {"pages": bench.pages(pages), "variants": bench.variants(variants)}
    _report_growth(grown)
    from plot import svg  # its engine is large, and what is measured would be counted with it

    bars = [(row.name, *row.ratios) for row in rows if row.slower]
    (output / "benchmark.svg").write_text(svg(bars, grown), "utf-8")
    click.echo(f"{output / 'benchmark.svg'}\n{output / 'benchmark.json'}")


class Bench:
    """The measurements, each a part of the notebook."""

    def __init__(self, project: Path, work: Path, notebook: Notebook) -> None:
        self.project = project
        self.work = work
        self.notebook = notebook

    def rows(self, *, peers: bool) -> Iterator[Row]:
        cold = self.notebook.part("cold", self._cold)
        yield Row("brief, cold, all files", cold["all files"], cold["all files"])
        yield Row("brief, cold, HTML and DOCX", cold["HTML and DOCX"], cold["all files"])
        checks = self.notebook.part("checks", self._checks)
        for name, cost in checks.items():
            yield Row(name, cost, checks["check, cold"], slower=False)
        for name, cost in self.notebook.part("rebuilds", self._rebuilds).items():
            yield Row(name, cost, cold["all files"], slower=False)
        for name, cost in self.notebook.part("cold by Typst", self._cold_by_typst).items():
            yield Row(f"brief by Typst, cold, {name}", cost, cold[name], slower=False)
        for name, cost in self.notebook.part("rebuilds by Typst", self._rebuilds_by_typst).items():
            yield Row(name, cost, cold["all files"], slower=False)
        one = self.notebook.part("one job", lambda: {ONE: self._build_cold(("pdf",), "--jobs", "1")})[ONE]
        yield Row("PDF alone: all jobs against --jobs 1", cold["PDF alone"], one, slower=False)
        bases = {formats: cold[name] for name, formats in COLD.items()}
        for peer in PEERS if peers else ():
            try:
                measured = self.notebook.part(peer.name, partial(self._peer, peer))
            except (OSError, RuntimeError) as problem:
                click.echo(f"{peer.name:58} not measured: {problem}", err=True)
            else:
                yield Row(peer.name, measured[peer.name], bases[peer.formats])

    def pages(self, limit: int) -> list[growth.Point]:
        return self._growth("pages", limit, growth.page)

    def variants(self, limit: int) -> list[growth.Point]:
        return self._growth("variants", limit, growth.variant)

    def _growth(self, what: str, limit: int, measure: growth.Measure) -> list[growth.Point]:
        points = []
        for wanted in growth.steps(limit):
            found = self.notebook.part(f"{wanted} {what}", partial(self._point, measure, wanted))
            points += [growth.Point(int(number), cost) for number, cost in found.items()]
        return points

    def _point(self, measure: growth.Measure, wanted: int) -> Costs:
        point = measure(wanted, self._folder())
        return {str(point.number): point.cost}

    def _peer(self, peer: Entry) -> Costs:
        return {peer.name: peer.measure(self.prepared, self._folder())}

    @cached_property
    def prepared(self) -> Prepared:
        return prepare(self.project, self._folder() / "prepared")

    def _cold(self) -> Costs:
        return {name: self._build_cold(formats) for name, formats in COLD.items()}

    def _cold_by_typst(self) -> Costs:
        return {name: self._build_cold(COLD[name], *TYPST) for name in ("all files", "PDF alone")}

    def _rebuilds_by_typst(self) -> Costs:
        """The PDFs of all variants after an edit that most of them show, in a process that has built before."""
        work = self._folder()
        root, cache = copy(self.project, work / "project"), work / "cache"
        _, shared = sentences(root)
        shared.edit()
        # What the edit does not change is in the cache, as in the measurement with the other engine.
        _build(root, work, cache, "-fpdf", *TYPST)
        again = [[shared.file, shared.text, "又改。" + shared.text]]
        command = [sys.executable, HERE / "scripts/held_open.py", root, json.dumps(again), "typst"]
        run(command, work, {"BRIEF_CACHE_DIR": str(cache)})
        (found,) = json.loads((work / "last.log").read_text().splitlines()[-1])
        return {
            "one sentence of all, project held open, PDF by Typst": Cost(found["wall"], found["cpu"], found["peak"])
        }

    def _build_cold(self, formats: tuple[str, ...], *options: str) -> Cost:
        """A build with an empty cache."""
        work = self._folder()
        return _build(self.project, work, work / "cache", *(f"-f{name}" for name in formats), *options)

    def _checks(self) -> Costs:
        work = self._folder()
        root, cache = copy(self.project, work / "project"), work / "cache"

        def check() -> Cost:
            return run([sys.executable, "-m", "brief", "check", "-C", root], work, {"BRIEF_CACHE_DIR": str(cache)})

        costs = {"check, cold": check(), "check, nothing changed": check()}
        sentences(root)[1].edit()
        return costs | {"check, one sentence edited": check()}

    def _rebuilds(self) -> Costs:
        work = self._folder()
        root, cache = copy(self.project, work / "project"), work / "cache"
        _build(root, work, cache)
        costs = {"nothing changed": _build(root, work, cache)}
        own, shared = sentences(root)
        edits = {f"{edit.audiences[0]}'s own sentence": edit for edit in own} | {"one sentence of all": shared}
        for name, edit in edits.items():
            edit.edit()
            costs[name] = _build(root, work, cache)
        again = [[edit.file, edit.text, "又改。" + edit.text] for edit in edits.values()]
        command = [sys.executable, HERE / "scripts/held_open.py", root, json.dumps(again)]
        run(command, work, {"BRIEF_CACHE_DIR": str(cache)})
        held = json.loads((work / "last.log").read_text().splitlines()[-1])
        for name, found in zip(edits, held, strict=True):
            costs[f"{name}, project held open"] = Cost(found["wall"], found["cpu"], found["peak"])
        return costs

    def _folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.work))


def _build(root: Path, work: Path, cache: Path, *options: str) -> Cost:
    command = [sys.executable, "-m", "brief", "build", "-C", root, "-o", work / "output", *options]
    return run(command, work, {"BRIEF_CACHE_DIR": str(cache)})


def _report_growth(grown: dict[str, list[growth.Point]]) -> None:
    for name, points in grown.items():
        for point in points:
            each = point.cost.cpu / point.number
            click.echo(
                f"{point.number:6} {name:9} {point.cost.cpu:8.2f} s CPU {each:7.3f} s each {point.cost.peak:6.0f} MiB"
            )
        if len(points) > 2:
            middle, last = points[-2], points[-1]
            # Between the two largest, so that starting up is not counted as growth.
            more = (last.cost.cpu / last.number) / (middle.cost.cpu / middle.number)
            click.echo(
                f"{'':6} {name}: {last.number / middle.number:.1f} times as many cost {more:.2f} times as much each, and "
                f"take {last.cost.peak / middle.cost.peak:.2f} times the memory"
            )


if __name__ == "__main__":
    main()
