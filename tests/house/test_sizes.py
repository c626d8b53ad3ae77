from pathlib import Path

from tests.house import sizes
from tests.house.sizes import Limits, too_large

TINY = Limits(module=12, function=3, parameters=2)


def messages(source):
    return [finding.message for finding in too_large(Path("x.py"), source, TINY)]


def test_the_project_keeps_to_its_sizes():
    assert [str(finding) for finding in sizes.check()] == []


def test_a_long_module_is_found():
    assert messages("a = 1\n" * 13) == ["the module has 13 lines, 12 are allowed"]


def test_a_long_function_is_found():
    assert messages("def f():\n    a = 1\n    b = 2\n    return a + b\n") == ["f has 4 lines, 3 are allowed"]


def test_documentation_comments_and_blank_lines_do_not_count():
    assert (
        messages('def f():\n    """One.\n\n    Two.\n    """\n    # Why.\n\n    a = 1\n    return a\n') == []
    )


def test_a_long_string_counts_with_all_its_lines():
    assert messages('def f():\n    return """\n\n\n\n"""\n') == ["f has 6 lines, 3 are allowed"]


def test_many_parameters_are_found_and_self_is_not_one():
    assert messages("class A:\n    def f(self, a, /, b, *, c):\n        pass\n") == [
        "f takes 3 parameters, 2 are allowed"
    ]
    assert messages("class A:\n    def f(self, a, *, b):\n        pass\n") == []
