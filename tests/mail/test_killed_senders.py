"""Senders that die at any moment: nobody gets a message twice, none is lost unseen, every uncertain one is listed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from outgoings import people
from runs import Mailing
from scripted import Fault, ScriptedServer, Step

from brief.mail import ledger, transport
from brief.mail.outcome import State
from brief.press import crash

SENDER = Path(__file__).with_name("sender.py")
# More in the long run: BRIEF_FAULT_RUNS=1000 pytest tests/mail/test_killed_senders.py
KILLS = int(os.environ.get("BRIEF_FAULT_RUNS", "50"))
POINTS = (*ledger.CRASH_POINTS, *transport.CRASH_POINTS)
ONCE = ("ledger-made", "planned", "session-open")
# The moments at which the end of a message has gone out, or is about to, and no answer is recorded.
UNCERTAIN = ("sending-recorded", "end-sent", "answer-read")


@pytest.fixture
def mailing(tmp_path: Path) -> Mailing:
    return Mailing(tmp_path)


def start(
    mailing: Mailing, server: ScriptedServer, count: int, env: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, SENDER, str(server.port), mailing.ledger, str(count)],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        text=True,
    )


def assert_nothing_twice_and_nothing_lost(mailing: Mailing, server: ScriptedServer, count: int) -> None:
    """What must hold whenever no sender is at work."""
    received = Counter(server.recipients)
    assert set(received.values()) <= {1}, "nobody twice"
    entries = mailing.entries()
    accepted, unknown = (
        {entry.key.recipient for entry in entries if entry.state is state} for state in (State.ACCEPTED, State.UNKNOWN)
    )
    assert accepted <= set(received), "what is accepted has arrived"
    assert set(received) - accepted <= unknown, "what has arrived and is not known to have is listed"
    assert len(entries) in (0, count)


def finish(mailing: Mailing, server: ScriptedServer, count: int) -> None:
    """The next run sends the rest, and what is then neither accepted nor unknown is nothing."""
    assert_nothing_twice_and_nothing_lost(mailing, server, count)
    mailing.run(server.server, people(count))
    assert_nothing_twice_and_nothing_lost(mailing, server, count)
    assert set(mailing.states()) <= {State.ACCEPTED, State.UNKNOWN}
    assert len(mailing.entries()) == count


@pytest.mark.parametrize("point", [f"{name}:{n}" for name in POINTS for n in ((1,) if name in ONCE else (1, 3))])
def test_killed_at_a_named_point(mailing: Mailing, point: str) -> None:
    with ScriptedServer() as server:
        sender = start(mailing, server, 4, {"BRIEF_CRASH_AT": point})
        sender.communicate(timeout=60)
        assert sender.returncode == crash.KILLED
        name, _, number = point.partition(":")
        uncertain = [f"person{int(number) - 1:04}@example.net"] if name in UNCERTAIN else []
        assert mailing.of(State.UNKNOWN) == uncertain
        finish(mailing, server, 4)
        assert mailing.of(State.UNKNOWN) == uncertain


def test_every_point_is_passed(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[str] = []
    monkeypatch.setattr(crash, "point", passed.append)
    with ScriptedServer() as server:
        mailing.run(server.server, people(1))
    assert set(passed) - set(crash.POINTS) == set(POINTS)


@pytest.mark.slow
def test_killed_at_random_moments(mailing: Mailing) -> None:
    chance = random.Random(4)  # noqa: S311
    count = 8 * KILLS

    def answer(*_: object) -> Step:
        time.sleep(chance.uniform(0, 0.004))
        return Fault.DROP if chance.random() < 0.02 else b"250 2.0.0 queued\r\n"

    with ScriptedServer({"end": answer}) as server:
        for _ in range(KILLS):
            sender = start(mailing, server, count)
            assert sender.stdout is not None
            assert sender.stdout.readline() == "sending\n", "there was nothing left to send"
            time.sleep(chance.uniform(0, 0.03))
            sender.send_signal(signal.SIGKILL)
            sender.communicate(timeout=60)
            assert_nothing_twice_and_nothing_lost(mailing, server, count)
        killed = len(mailing.of(State.UNKNOWN))
        finish(mailing, server, count)
        assert killed, "no kill came at a moment that matters"
