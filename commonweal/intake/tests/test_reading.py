"""Opening sheets as people save them."""

import gzip

import pytest

from commonweal.intake.sheets.reading import SheetUnreadable, open_sheet


def _file(tmp_path, content, name="sheet.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "delimiter", "encoding"),
    [
        (b"What,Name\nfood,Lee\n", ",", "utf-8-sig"),
        (b"\xef\xbb\xbfWhat;Name\r\nfood;Lee\r\n", ";", "utf-8-sig"),
        (b"What\tName\nfood\tLee\n", "\t", "utf-8-sig"),
        ("What,Name\nfood,Peña\n".encode("cp1252"), ",", "cp1252"),
        ("What,Name\nfood,Lee\n".encode("utf-16"), ",", "utf-16"),
    ],
)
def test_delimiters_and_encodings_are_recognised(tmp_path, content, delimiter, encoding):
    sheet = open_sheet(_file(tmp_path, content))
    assert (sheet.delimiter, sheet.encoding, sheet.headers) == (delimiter, encoding, ("What", "Name"))
    (row,) = sheet.rows()
    assert row.cells["What"] == "food"
    assert row.line == 2


def test_a_gzipped_sheet_is_opened(tmp_path):
    sheet = open_sheet(_file(tmp_path, gzip.compress(b"a,b\n1,2\n"), "sheet.csv.gz"))
    assert [row.cells for row in sheet.rows()] == [{"a": "1", "b": "2"}]


def test_a_cell_with_line_breaks_keeps_the_line_numbers_of_the_file(tmp_path):
    sheet = open_sheet(_file(tmp_path, b'a,b\n"two\nlines",x\nlast,y\n'))
    assert [row.line for row in sheet.rows()] == [3, 4]


def test_blank_rows_are_no_rows_and_rows_with_too_many_cells_say_so(tmp_path):
    sheet = open_sheet(_file(tmp_path, b"a,b\n,\n\n1,2,3\n1,2,\n"))
    problems = [row.problem for row in sheet.rows()]
    assert problems == ["the row has 3 cells and the sheet 2 columns", ""]


def test_a_cell_of_endless_length_is_a_problem_of_its_row_only(tmp_path):
    sheet = open_sheet(_file(tmp_path, b"a,b\n" + b"x" * 30_000 + b",1\nfine,2\n"))
    problems = [bool(row.problem) for row in sheet.rows()]
    assert problems == [True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"a,a\n1,2\n", "same name"),
        (b"a,b\n1\x00,2\n", "NUL"),
        (b"\xff\xfea", "letters"),
        (b"a,b\n\x81\x8d", "letters"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(tmp_path, content, words):
    with pytest.raises(SheetUnreadable, match=words):
        open_sheet(_file(tmp_path, content))


def test_a_missing_file_and_a_false_gzip_are_refused(tmp_path):
    with pytest.raises(SheetUnreadable, match="can't be opened"):
        open_sheet(tmp_path / "nowhere.csv")
    with pytest.raises(SheetUnreadable, match="can't be opened"):
        open_sheet(_file(tmp_path, b"no gzip", "sheet.csv.gz"))
