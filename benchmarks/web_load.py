"""Load on the HTTP API: 50 clients that ask for mixed variants, and the time from a pack request to its finished PDF.

    python benchmarks/web_load.py [--seconds 120] [--clients 50] [--project DIR] [--audience executive]

Prints JSON: requests and errors, latencies of cached artifacts as clients see them and at the server (Server-Timing), the
memory of the server before, meanwhile and after, and the latency of a pack request cold (nothing built, nothing cached), after an edit, and
warm (built before). The server runs in a process of its own.

The memory in use is what a leak would raise: the bytes that the C library has given out (mallinfo2, glibc 2.33 and later), and
the number of small objects of Python. The resident memory also has what the C library keeps for later.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

_SERVER = """
import ctypes, signal, sys
from pathlib import Path
from brief.web import app, server
from brief.web.api.callers import Caller
from brief.web.api.limits import Limits
limits = Limits(slots=2, jobs=5_000, jobs_of_caller=5_000, requests=1e6, burst=1_000_000)
api = app(sys.argv[1], access=Caller("load"), folder=sys.argv[2], limits=limits, hosts=())
api.start()
class Mallinfo(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]
c_library = ctypes.CDLL(None)
c_library.mallinfo2.restype = Mallinfo
def report(*_):
    found = c_library.mallinfo2()
    print(found.hblkhd + found.uordblks, sys.getallocatedblocks(), flush=True)
signal.signal(signal.SIGUSR1, report)
server.run(api, on_ready=lambda port: print(port, flush=True))
"""


class Client:
    """One connection that stays open."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.used = time.monotonic()

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        data = None if body is None else json.dumps(body).encode()
        sent = {**headers, **({"Content-Type": "application/json"} if data else {})}
        # The server closes what has been idle for some seconds.
        if time.monotonic() - self.used > 3:
            self.connection.close()
        self.connection.request(method, path, data, sent)
        self.used = time.monotonic()
        answer = self.connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    def get(self, path: str) -> Any:
        return json.loads(self.ask("GET", path)[1])

    def build(self, **wanted: object) -> tuple[float, dict[str, Any]]:
        """Requests a pack; returns the seconds until it was finished, as its events tell, and the job."""
        began = time.perf_counter()
        job = json.loads(self.ask("POST", "/api/packs", wanted)[1])
        events = self.ask("GET", f"{job['url']}/events")[1].decode()
        spent = time.perf_counter() - began
        last = json.loads(events.strip().split("\n\n")[-1].partition("data: ")[2])
        if last["state"] != "done":
            raise SystemExit(f"the pack ended otherwise: {last}")
        return spent, last


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--project", type=Path, default=Path(__file__).parents[1])
    parser.add_argument("--audience", default="executive")
    parser.add_argument("--locales", type=int, default=1, help="how many of the project's locales are asked for")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "project")
        for name in ("content", "seeds", "data", "templates"):
            if (given.project / name).is_dir():
                shutil.copytree(given.project / name, root / name)
        settings = {**os.environ, "BRIEF_CACHE_DIR": str(Path(folder, "cache"))}
        with subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(root), str(Path(folder, "state"))],
            env=settings, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            try:
                port = int(process.stdout.readline() if process.stdout else "")
                print(json.dumps(measure(port, process, root, given), indent=1))
            finally:
                process.terminate()


def measure(port: int, server: subprocess.Popen[str], root: Path, given: argparse.Namespace) -> dict[str, Any]:
    client = Client(port)
    (brief,) = client.get("/api/briefs")["briefs"]
    offer = client.get(brief["url"])
    # Workers import their engines while nothing is asked; a service has been up for a while.
    time.sleep(8)
    one = {"brief": brief["id"], "audiences": [given.audience], "locales": offer["locales"][:1], "formats": ["pdf"]}
    cold, _ = client.build(**one)
    warm, _ = client.build(**one)
    settings = root / "content/brief.yaml"
    settings.write_text(settings.read_text("utf-8").replace("title: {en: ", "title: {en: Now ", 1), "utf-8")
    edited, _ = client.build(**one)
    print(f"cold {cold:.2f} s, warm {warm:.2f} s, after an edit {edited:.2f} s", file=sys.stderr)
    names = offer["locales"][: given.locales]
    spent, everything = client.build(brief=brief["id"], locales=names)
    print(f"{len(everything['artifacts'])} artifacts in {spent:.1f} s", file=sys.stderr)
    found = load(port, server, everything, given)
    return {"POST to PDF, seconds": {"cold": cold, "warm": warm, "after an edit": edited}, **found}


def load(
    port: int, server: subprocess.Popen[str], everything: dict[str, Any], given: argparse.Namespace
) -> dict[str, Any]:
    statuses: Counter[int] = Counter()
    seen: list[float] = []
    at_server: list[float] = []
    errors: list[str] = []
    ends = time.monotonic() + given.seconds
    memory = [read_memory(server)]

    def behave(seed: int) -> None:
        chance, client = random.Random(seed), Client(port)  # noqa: S311 - a load, not a secret
        while time.monotonic() < ends:
            wanted = chance.choice(everything["artifacts"])
            try:
                if chance.random() < 0.1:
                    wanted = {
                        "brief": everything["brief"],
                        "audiences": [wanted["audience"]],
                        "locales": [wanted["locale"]],
                    }
                    status, body, _ = client.ask("POST", "/api/packs", wanted)
                    client.ask("GET", json.loads(body)["url"])
                else:
                    condition = {"If-None-Match": f'"{wanted["sha256"]}"'} if chance.random() < 0.3 else {}
                    began = time.perf_counter()
                    status, body, headers = client.ask("GET", wanted["url"], **condition)
                    seen.append(time.perf_counter() - began)
                    at_server.append(float(headers["server-timing"].partition("dur=")[2]) / 1000)
                    if status == 200 and len(body) != wanted["bytes"]:
                        errors.append("a file is not whole")
                statuses[status] += 1
            except (OSError, http.client.HTTPException, KeyError, ValueError) as problem:
                errors.append(repr(problem))
                client = Client(port)
            # A client that reads what it got; without a pause one client would be the load of many.
            time.sleep(chance.uniform(0.1, 0.4))

    threads = [threading.Thread(target=behave, args=(seed,)) for seed in range(given.clients)]
    for thread in threads:
        thread.start()
    while time.monotonic() < ends:
        time.sleep(given.seconds / 12)
        memory.append(read_memory(server))
    for thread in threads:
        thread.join()
    return {
        "clients": given.clients,
        "seconds": given.seconds,
        "answers": dict(statuses),
        "errors": errors[:10],
        "cached artifacts, milliseconds": {"at the client": quantiles(seen), "at the server": quantiles(at_server)},
        "memory of the server": [
            {"resident, MB": resident, "in use, MB": in_use, "objects, thousands": objects}
            for resident, in_use, objects in memory
        ],
    }


def quantiles(times: list[float]) -> dict[str, float]:
    ranked = sorted(times)
    return {
        name: round(1000 * ranked[int(part * (len(ranked) - 1))], 1)
        for name, part in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


def read_memory(server: subprocess.Popen[str]) -> tuple[int, float, int]:
    """Returns the resident megabytes of the server itself, without its workers; the megabytes that its C library has given
    out; and its small objects of Python, in thousands.
    """
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    server.send_signal(signal.SIGUSR1)
    given_out, objects = (server.stdout.readline() if server.stdout else "").split()
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000, round(int(given_out) / 1e6, 1), int(objects) // 1000


if __name__ == "__main__":
    main()
