import re

import pytest

import config.settings  # noqa: F401 - reading the settings is what fills env.READ
from config import env
from tests.house import books
from tests.house.books import SETTINGS_TABLE, anchors, changelog, dead_links, settings_read, unknown_names


def test_the_books_are_true():
    assert [str(finding) for finding in books.check()] == []


def test_the_table_of_settings_gives_the_defaults_that_the_program_has():
    cells = dict(
        re.findall(r"^\|\s*`(COMMONWEAL_\w+)`\s*\|\s*([^|]*?)\s*\|", SETTINGS_TABLE.read_text(), re.M)
    )
    shown = {name: "" if cell == "unset" else cell.split("`")[1] for name, cell in cells.items()}
    # A folder's default depends on where the program lies.
    defaults = {name: default for name, default in env.READ.items() if not default.startswith("/")}
    assert {name: shown.get(name) for name in defaults} == defaults


def test_what_the_settings_read_is_what_the_rule_sees():
    assert set(env.READ) <= set(settings_read())


@pytest.mark.parametrize(
    "link",
    [
        "[a](nowhere.md)",
        "[a](<nowhere.md>)",
        '[a](nowhere.md "title")',
        "![a](no.png)",
        "[a](#nothing)",
        "[a](page.md#no)",
    ],
)
def test_a_dead_link_is_found(tmp_path, link):
    page = tmp_path / "page.md"
    page.write_text("# Here\n")
    (finding,) = dead_links(page, f"# Here\n\n{link}\n")
    assert finding.line == 3


def test_a_link_that_leads_somewhere_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Here it is!\n")
    text = (
        "[a](page.md) [b](page.md#here-it-is) [c](https://a.example) [d](#here-it-is)\n```\n[e](no.md)\n```\n"
    )
    assert list(dead_links(page, text)) == []


def test_equal_headings_get_numbers():
    assert anchors("# A b\n## A b\n## `C` [d](e)\n") == {"a-b", "a-b-1", "c-d"}


@pytest.mark.parametrize(
    "text",
    [
        "`script/nothing`",
        "```\nsh script/nothing --demo\n```",
        "`commonweal nothing`",
        "```sh\n.venv/bin/commonweal nothing\n```",
        "`COMMONWEAL_NOTHING`",
    ],
)
def test_a_name_that_does_not_exist_is_found(tmp_path, text):
    assert len(list(unknown_names(tmp_path / "page.md", text))) == 1


def test_a_name_that_exists_is_left_alone(tmp_path):
    text = "`script/server`, `commonweal migrate`, `COMMONWEAL_DATA`; commonweal means the common good."
    assert list(unknown_names(tmp_path / "page.md", text)) == []


def test_a_changelog_without_an_entry_is_found(tmp_path):
    path = tmp_path / "CHANGELOG.md"
    assert len(list(changelog(path))) == 1
    path.write_text("# Changelog\n\n## Unreleased\n")
    assert len(list(changelog(path))) == 1
    path.write_text("# Changelog\n\n## Unreleased\n\n- Neighbours can ask.\n")
    assert list(changelog(path)) == []
