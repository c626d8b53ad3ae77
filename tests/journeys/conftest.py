"""What every journey in a browser starts with: Debian's Chromium, and a database that the browser's server shares."""

import os
import shutil
from datetime import timedelta

import pytest
from playwright.sync_api import Locator

# Playwright's synchronous calls run inside an event loop, where Django would otherwise refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The machine's own Chromium, without its sandbox (containers have none) and without calls home."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium") or shutil.which("chromium-browser"),
        "args": ["--no-sandbox", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def base_url():
    """No address that all pages share: each journey asks its own live server. (Stands in for a plugin's fixture.)"""
    return


@pytest.fixture(autouse=True)
def plain_names(settings):
    """Static files under their plain names: the live server finds them in the rooms, not where they were collected."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def no_haste(monkeypatch):
    """A browser that is driven fills a form in faster than people do, and before a stopped clock in no time at all."""
    monkeypatch.setattr("commonweal.base.guard.HASTE", timedelta(0))


@pytest.fixture(scope="session", autouse=True)
def a_press_is_seen_through():
    """A press that leads to another page ends when that page is there.

    By itself it ends as soon as the browser has begun to read the answer: on a busy machine what is looked at next,
    such as how many headings there are, was at times half a page.
    """
    press = Locator.click

    def press_and_wait(self, **how):
        press(self, **how)
        self.page.wait_for_load_state()

    Locator.click = press_and_wait
    yield
    Locator.click = press
