"""All benchmarks in one run on one machine: python benchmarks/run.py. README.md beside this says what the numbers mean."""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click
import growth
from briefing import Prepared, copy, prepare, sentences
from meter import Cost, adopt_orphans, run
from peers import PEERS

HERE = Path(__file__).parent
ROOT = HERE.parent


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
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=HERE / "results", help="For the JSON and the plot."
)
def main(project: Path, pages: int, variants: int, peers: bool, output: Path) -> None:
    """Measure `brief` and other tools on the same briefing, and print ratios."""
    adopt_orphans()
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="brief-benchmark-") as folder:
        work = Path(folder)
        click.echo("Against a cold build of the same files:")
        cold = {formats: _brief(project, work, formats) for formats in ((), ("pdf",), ("docx",))}
        rows = [Row("brief, cold, all files", cold[()], cold[()])]
        rows[0].print()
        rows += _rebuilds(project, work, cold[()])
        rows += _jobs(project, work, cold[("pdf",)])
        if peers:
            rows += _peers(prepare(project, work / "prepared"), work, cold)
        grown = {
            "pages": growth.pages(pages, _folder(work / "pages")) if pages else [],
            "variants": growth.variants(variants, _folder(work / "growth")) if variants else [],
        }
    _report_growth(grown)
    from plot import svg  # its engine is large, and what is measured would be counted with it

    bars = [(row.name, *row.ratios) for row in rows if row.slower]
    (output / "benchmark.svg").write_text(svg(bars, grown), "utf-8")
    plain = [{"name": row.name, **row.cost.plain(), "ratios": [round(r, 3) for r in row.ratios]} for row in rows]
    points = {name: [{"number": p.number, **p.cost.plain()} for p in found] for name, found in grown.items()}
    (output / "benchmark.json").write_text(json.dumps({"rows": plain, "growth": points}, indent=2) + "\n", "utf-8")
    click.echo(f"{output / 'benchmark.svg'}\n{output / 'benchmark.json'}")


def _build(root: Path, work: Path, cache: Path, *options: str) -> Cost:
    command = [sys.executable, "-m", "brief", "build", "-C", root, "-o", work / "output", *options]
    return run(command, work, {"BRIEF_CACHE_DIR": str(cache)})


def _brief(project: Path, work: Path, formats: tuple[str, ...], *options: str) -> Cost:
    """A build with an empty cache."""
    with tempfile.TemporaryDirectory(dir=work) as cache:
        return _build(project, work, Path(cache), *(f"-f{name}" for name in formats), *options)


def _rebuilds(project: Path, work: Path, cold: Cost) -> list[Row]:
    root, cache = copy(project, _folder(work / "project")), work / "cache"
    _build(root, work, cache)
    rows = [Row("nothing changed", _build(root, work, cache), cold, slower=False)]
    edits = sentences(root)
    for edit in edits:
        edit.edit()
        name = f"one sentence that {edit.audiences} of the editions show"
        rows.append(Row(name, _build(root, work, cache), cold, slower=False))
    again = [[edit.file, edit.text, "又改。" + edit.text] for edit in edits]
    run([sys.executable, HERE / "scripts/held_open.py", root, json.dumps(again)], work, {"BRIEF_CACHE_DIR": str(cache)})
    costs = json.loads((work / "last.log").read_text().splitlines()[-1])
    for found in costs:
        cost = Cost(found["wall"], found["cpu"], found["peak"])
        rows.append(Row(f"the same, project held open ({found['printed']} files printed)", cost, cold, slower=False))
    for row in rows:
        row.print()
    return rows


def _jobs(project: Path, work: Path, two: Cost) -> list[Row]:
    one = _brief(project, work, ("pdf",), "--jobs", "1")
    row = Row("PDF alone: all jobs against --jobs 1", two, one, slower=False)
    row.print()
    return [row]


def _peers(prepared: Prepared, work: Path, cold: dict[tuple[str, ...], Cost]) -> list[Row]:
    rows = []
    for number, peer in enumerate(PEERS):
        try:
            cost = peer.measure(prepared, _folder(work / f"peer-{number}"))
        except (OSError, RuntimeError) as problem:
            click.echo(f"{peer.name:58} not measured: {problem}", err=True)
            continue
        rows.append(Row(peer.name, cost, cold[peer.formats]))
        rows[-1].print()
    return rows


def _report_growth(grown: dict[str, list[growth.Point]]) -> None:
    for name, points in grown.items():
        for point in points:
            each = point.cost.cpu / point.number
            click.echo(
                f"{point.number:6} {name:9} {point.cost.cpu:8.2f} s CPU {each:7.3f} s each {point.cost.peak:6.0f} MiB"
            )


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


if __name__ == "__main__":
    main()
