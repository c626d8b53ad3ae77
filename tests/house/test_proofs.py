from tests.house import proofs
from tests.house.proofs import missing_proofs


def test_every_test_that_a_page_names_is_there():
    assert [str(finding) for finding in proofs.check()] == []


def test_what_is_named_and_not_there_is_found(tmp_path):
    page = tmp_path / "page.md"
    said = "`test_proofs.py::test_every_test_that_a_page_names_is_there`\n\n`test_proofs.py::test_of_nothing`"
    assert [finding.line for finding in missing_proofs(page, said)] == [3]
    assert [finding.line for finding in missing_proofs(page, "`house/test_nowhere.py::test_of_nothing`")] == [
        1
    ]
    assert not list(missing_proofs(page, "`house/test_proofs.py::test_what_is_named_and_not_there_is_found`"))
