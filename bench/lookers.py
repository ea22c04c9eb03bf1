"""An app that is kept running, and people who look at it, for as long as a trial lasts."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

from bench import browser
from bench.measure import ROOT
from bench.viewer import Answer, Viewer
from bench.viewers import draw

LOOKERS, THINK_S = 3, 0.5


class Lookers:
    """Some viewers in a thread of their own, from `start` to `stop`."""

    def __init__(self, port: int) -> None:
        self.port, self.answers, self._end = port, [], False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    answers: list[Answer]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end = True
        self._thread.join(timeout=60)

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(number) for number in range(LOOKERS)))

    async def _one(self, number: int) -> None:
        rng = random.Random(number)
        while not self._end:
            begun = time.perf_counter()
            try:
                async with Viewer(self.port) as viewer:
                    while not self._end:
                        begun = time.perf_counter()
                        answer = await viewer.look(draw(rng))
                        self.answers.append(answer)
                        if answer.fault:
                            break
                        await asyncio.sleep(THINK_S)
            except OSError as error:  # nobody listens
                waited = (time.perf_counter() - begun) * 1000
                self.answers.append(Answer(draw(rng), begun, waited, 0, f"{type(error).__name__}: {error}"))
                await asyncio.sleep(THINK_S)


class App:
    """The app under a keeper that starts it again when it ends, as the systemd unit does."""

    def __init__(self, home: Path, settings: dict[str, str]) -> None:
        self.env = {**os.environ, "LOOKOUT_HOME": str(home), **settings}
        self.port, self._end = browser.free_port(), False
        self.child = self._started()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _started(self) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        command = browser.streamlit("app.py", self.port)
        return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=quiet, stderr=quiet, start_new_session=True)

    def _keep(self) -> None:
        while not self._end:
            if self.child.poll() is not None and not self._end:
                time.sleep(1)
                self.child = self._started()
            time.sleep(0.1)

    def close(self) -> None:
        self._end = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
