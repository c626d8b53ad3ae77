"""Serve a fresh demonstration and take pictures of its pages; script/screenshots calls it.

`python script/take_screenshots.py FOLDER` takes those that the README shows, `--all FOLDER` every page at every width,
light and dark. A picture is called PAGE-WIDTH-COLOURS.png.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {360: 740, 800: 1000, 1280: 860}
COLOURS = ("light", "dark")
START_S = 240
INVITING_MS = 6000  # the background needs a moment to find somebody
BROWSER = ["--no-sandbox", "--disable-background-networking", "--font-render-hinting=none"]


def front(page: Page) -> None:
    page.goto("/")


def need(page: Page) -> None:
    front(page)
    page.get_by_role("link", name=re.compile("^I need")).first.click()


def can(page: Page) -> None:
    front(page)
    page.get_by_role("link", name=re.compile("^I can")).first.click()


def board(page: Page) -> None:
    page.goto("/board/")


# The private link of the one ask that is made for the pictures: an address may ask only so often.
made: list[str] = []


def status(page: Page) -> None:
    if not made:
        need(page)
        page.locator("[name=category][value=groceries]").check()
        page.locator("[name=area]").select_option(index=5)
        page.locator("[name=contact]").fill("rosa@mail.example")
        page.locator("form[data-draft=ask] button.primary").click()
        page.wait_for_url("**/a/**")
        page.wait_for_timeout(INVITING_MS)
        made.append(page.url)
    page.goto(made[0])


def desk(page: Page) -> None:
    page.goto("/demo/")
    page.locator(
        "form:has([name=as][value=dispatcher]) button, button[name=as][value=dispatcher]"
    ).first.click()
    page.wait_for_url("**/desk/**")
    first = page.locator("a[href*='/desk/ask/']").first
    if first.count():
        first.click()


def design(page: Page) -> None:
    page.goto("/design/")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page at one width; full pictures go on below the fold."""

    name: str
    show: Callable[[Page], None]
    width: int
    colours: str = "light"
    full: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}-{self.width}-{self.colours}.png"


PAGES = {
    "home": front,
    "need": need,
    "can": can,
    "board": board,
    "status": status,
    "desk": desk,
    "design": design,
}
README = [Picture("home", front, 1280), Picture("status", status, 360), Picture("desk", desk, 1280)]


def all_pictures() -> list[Picture]:
    return [
        Picture(name, show, width, colours, full=True)
        for name, show in PAGES.items()
        for width in WIDTHS
        for colours in COLOURS
    ]


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a demonstration that is served for as long as the pictures take."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        server = subprocess.Popen(
            [Path(sys.executable).parent / "commonweal", "serve", "--demo", "--port", str(port)],
            env={**os.environ, "COMMONWEAL_DATA": data},
            stdout=sys.stderr,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # nosec B310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The demonstration did not start; what it said is above.")


def take(browser: Browser, address: str, picture: Picture, folder: Path) -> None:
    """Take one picture as a stranger who has just come: every picture has its own cookies."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": picture.width, "height": WIDTHS[picture.width]},
        color_scheme="dark" if picture.colours == "dark" else "light",
        reduced_motion="reduce",
        locale="en-US",
    )
    page = context.new_page()
    picture.show(page)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
    page.screenshot(path=folder / picture.file, full_page=picture.full, animations="disabled")
    context.close()
    print(folder / picture.file)


def main(arguments: list[str]) -> None:
    pictures = all_pictures() if arguments[0] == "--all" else README
    folder = Path(arguments[-1])
    folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER)
        for picture in pictures:
            take(browser, address, picture, folder)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
