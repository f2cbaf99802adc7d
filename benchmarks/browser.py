"""A headless Chromium for the tests and the timing of pages, spoken to through its DevTools pipe.

No driver and no port: the browser reads and writes two file descriptors, messages end with a zero byte.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["NAMES", "Browser", "BrowserError", "find_chromium"]

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-extensions", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio"),
    # whatever asks for a name gets none
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
_CHUNK = 1 << 16


class BrowserError(AssertionError):
    """What the browser refused, or a script's own error."""


def find_chromium() -> str:
    """Return Chromium's path.

    Raises:
        FileNotFoundError: There is none.
    """
    found = os.environ.get("FITCHECK_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise FileNotFoundError(
            f"no Chromium on this machine (tried {', '.join(NAMES)}): install it "
            "(Debian: apt-get install chromium) or name it in FITCHECK_CHROMIUM; "
            "the page can't be tested without a browser"
        )
    return found


class Browser:
    """One page of one browser.

    Attributes:
        problems: What the console said as warning or error, exceptions, and refused requests, since the last `open`.
        requests: The addresses that were asked for since the last `open`.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.requests: list[str] = []
        self._buffer = b""
        self._next = 0
        self._session: str | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="fitcheck-browser-", ignore_cleanup_errors=True)
        self._start()

    def _start(self) -> None:
        to_read, self._write = os.pipe()
        self._read, to_write = os.pipe()
        # the browser reads descriptor 3 and writes descriptor 4; the shell moves them there, whatever they were
        command = [find_chromium(), *_FLAGS, f"--user-data-dir={self._folder.name}", "about:blank"]
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "browser", *command],
            pass_fds=(to_read, to_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(to_write)
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove what it kept."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)
        os.close(self._write)
        self._folder.cleanup()

    def call(self, method: str, *, timeout_s: float = 60, **values: Any) -> dict[str, Any]:
        """Send a command and return its result.

        Raises:
            BrowserError: It was refused, or took too long.
        """
        self._next += 1
        number = self._next
        message: dict[str, Any] = {"id": number, "method": method, "params": values}
        if self._session is not None:
            message["sessionId"] = self._session
        raw = json.dumps(message).encode() + b"\0"
        while raw:
            raw = raw[os.write(self._write, raw) :]
        for answer in self._messages(timeout_s):
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
        raise BrowserError(f"{method}: no answer within {timeout_s:g} s")

    def _messages(self, timeout_s: float) -> Iterator[dict[str, Any]]:
        end = time.monotonic() + timeout_s
        while (left := end - time.monotonic()) > 0:
            while b"\0" in self._buffer:
                raw, _, self._buffer = self._buffer.partition(b"\0")
                message = json.loads(raw)
                self._note(message)
                yield message
            if select.select([self._read], [], [], left)[0]:
                chunk = os.read(self._read, _CHUNK)
                if not chunk:
                    raise BrowserError("the browser ended")
                self._buffer += chunk

    def _note(self, message: dict[str, Any]) -> None:
        method, values = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.problems.append(str(values["exceptionDetails"].get("exception", values["exceptionDetails"])))
        elif method == "Runtime.consoleAPICalled" and values["type"] in ("error", "warning", "assert"):
            self.problems.append(str(values["args"]))
        elif method == "Log.entryAdded" and values["entry"]["level"] in ("error", "warning"):
            self.problems.append(values["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.problems.append(f"a dialog opened: {values['message']}")

    def open(self, path: Path, *, ready: str = "document.documentElement?.dataset.ready === 'yes'") -> float:
        """Open a file and return the seconds until the page says that it is ready."""
        self.problems.clear()
        self.requests.clear()
        begin = time.perf_counter()
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.until(ready)
        return time.perf_counter() - begin

    def run(self, script: str) -> Any:
        """Evaluate a script, wait for its promise, and return its value."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"].get("exception", {}).get("description", answer)))
        return answer["result"].get("value")

    def until(self, condition: str, *, timeout_s: float = 60) -> None:
        """Wait until a script is true.

        Raises:
            BrowserError: It never was.
        """
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if self.run(condition):
                return
            time.sleep(0.01)
        raise BrowserError(f"never true: {condition}; {self.problems}")

    def press(self, key: str, code: int = 0, text: str = "") -> None:
        """Press a key, as a person would."""
        values: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code, **({"text": text} if text else {})}
        self.call("Input.dispatchKeyEvent", type="keyDown", **values)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.call("Input.insertText", text=text)

    @contextmanager
    def sized(self, width: int, height: int) -> Iterator[None]:
        """Look at the page through a window of a size, in pixels."""
        size: dict[str, Any] = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        try:
            yield
        finally:
            self.call("Emulation.clearDeviceMetricsOverride")

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Save what is seen as PNG."""
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def pdf(self, path: Path) -> None:
        """Print the page to a PDF."""
        path.write_bytes(base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"]))
