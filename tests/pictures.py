"""The pictures of the README: a fresh demonstration is served and looked at with Chromium."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.postgres import free_port

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
WIDTHS = (360, 800, 1280)
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--use-gl=angle", "--use-angle=swiftshader"]
HEIGHTS = {360: 800, 800: 1000, 1280: 900}


def _home(page: Page, base: str) -> None:
    page.goto(base + "/")


def _need(page: Page, base: str) -> None:
    page.goto(base + "/need/")


def _can(page: Page, base: str) -> None:
    page.goto(base + "/can/")


def _board(page: Page, base: str) -> None:
    page.goto(base + "/board/")


def _status(page: Page, base: str) -> None:
    page.goto(base + "/demo/")
    page.get_by_role("link", name="An asker’s page").click()


def _desk(page: Page, base: str) -> None:
    page.goto(base + "/demo/")
    page.get_by_role("button", name="Look around as a dispatcher").click()
    page.goto(base + "/desk/")


def _design(page: Page, base: str) -> None:
    page.goto(base + "/design/")


PAGES: dict[str, Callable[[Page, str], None]] = {
    "home": _home,
    "need": _need,
    "can": _can,
    "board": _board,
    "status": _status,
    "desk": _desk,
    "design": _design,
}


@contextmanager
def demonstration() -> Iterator[str]:
    """Serve a fresh demonstration; gives its address."""
    port, data = free_port(), tempfile.mkdtemp(prefix="commonweal-pictures-")
    base = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "COMMONWEAL_DATA": data, "COMMONWEAL_BASE_URL": base}
    command = [sys.executable, "-m", "config.cli", "serve", "--demo", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        _wait(base, server)
        yield base
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


def _wait(base: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(240):
        if server.poll() is not None:
            raise SystemExit("The demonstration did not start.")
        try:
            with urllib.request.urlopen(base + "/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("The demonstration took more than two minutes to start.")


def take(browser: Browser, base: str, name: str, width: int, scheme: str) -> Path:
    """One picture of one page."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-US",
    )
    page = context.new_page()
    PAGES[name](page, base)
    page.wait_for_load_state("networkidle")
    path = PICTURES / f"{name}-{width}-{scheme}.png"
    page.screenshot(path=path, full_page=name != "design")
    context.close()
    return path


def main() -> None:
    """Take the pictures named on the command line, or all of them."""
    names = sys.argv[1:] or list(PAGES)
    unknown = sorted(set(names) - set(PAGES))
    if unknown:
        raise SystemExit(f"There is no picture called {unknown[0]}. There are: {', '.join(PAGES)}.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with demonstration() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        for name in names:
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    print(take(browser, base, name, width, scheme).relative_to(PICTURES.parent.parent))  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()
