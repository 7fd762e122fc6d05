# mypy: ignore-errors
"""Read by every interpreter that has this folder on its path: folders list their entries in another order, and the clock
is years off and runs backwards. `TEST_CLOCK` is the number of days to put it off by, `TEST_SHUFFLE` seeds the order."""

import datetime
import os
import random
import time
from itertools import count

if seed := os.environ.get("TEST_SHUFFLE"):
    chance = random.Random(seed)
    real_listdir, real_scandir = os.listdir, os.scandir

    def listdir(*args, **kwargs):
        entries = sorted(real_listdir(*args, **kwargs))
        chance.shuffle(entries)
        return entries

    class scandir:  # noqa: N801
        def __init__(self, *args, **kwargs):
            self.real = real_scandir(*args, **kwargs)
            self.entries = sorted(self.real, key=lambda entry: entry.name)
            chance.shuffle(self.entries)
            self.left = iter(self.entries)

        def __iter__(self):
            return self

        def __next__(self):
            return next(self.left)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.real.close()

        close = __exit__

    os.listdir, os.scandir = listdir, scandir

if days := os.environ.get("TEST_CLOCK"):
    real_time, steps = time.time, count()

    def shifted():
        return real_time() + int(days) * 86400 - 3600 * next(steps)

    class Date(datetime.date):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(shifted())

    class DateTime(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(shifted(), tz)

        @classmethod
        def utcnow(cls):
            return cls.utcfromtimestamp(shifted())

    time.time = shifted
    time.time_ns = lambda: int(shifted() * 1e9)
    datetime.date, datetime.datetime = Date, DateTime
