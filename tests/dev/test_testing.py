"""./dev test chooses the tests, counts them all and is honest about it (issue 2 §1)."""

import pytest

from devtools import testing
from devtools.errors import DevError
from devtools.testing import Counts

REPORT = """<testsuites><testsuite>
<testcase classname="tests.api.a" name="one"/>
<testcase classname="tests.api.a" name="two"><failure message="m">t</failure></testcase>
<testcase classname="tests.api.a" name="three"><error message="m">t</error></testcase>
<testcase classname="tests.api.a" name="four"><skipped message="why"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def root(tmp_path):
    for room in ("api", "flows", "empty"):
        (tmp_path / "tests" / room).mkdir(parents=True)
    for room in ("api", "flows"):
        (tmp_path / "tests" / room / f"test_{room}.py").touch()
    (tmp_path / "tests" / "common.py").touch()
    return tmp_path


def test_rooms_without_tests_are_left_out(root):
    assert testing.default_paths(root) == (["tests/api"], ["tests/flows"])


def test_the_longest_test_does_not_come_last(root):
    longest = root / testing.LONGEST
    longest.mkdir()
    (longest / "test_long.py").touch()
    assert testing.default_paths(root)[1] == [testing.LONGEST, "tests/flows"]


def test_paths_are_sorted_and_options_keep_their_values(root):
    arguments = ["tests/api/test_api.py::test_x", "-k", "tests", "-x", "tests/flows"]
    options, pure, full = testing.split_arguments(root, arguments)
    assert options == ["-k", "tests", "-x"]
    assert pure == ["tests/api/test_api.py::test_x"]
    assert full == ["tests/flows"]


def test_the_folder_of_all_tests_is_no_pure_room(root):
    assert testing.split_arguments(root, ["tests"]) == ([], [], ["tests"])


@pytest.mark.parametrize("given", [["--with-modules", "a,b"], ["--with-modules=a,b"]])
def test_modules_are_no_argument_of_pytest(given):
    assert testing.take_modules(["-x", *given, "tests"]) == ("a,b", ["-x", "tests"])


def test_without_modules_nothing_is_taken():
    assert testing.take_modules(["-k", "with"]) == (None, ["-k", "with"])


@pytest.mark.parametrize("given", ["--with-modules", "--with-modules="])
def test_modules_without_a_name_are_refused(given):
    with pytest.raises(DevError, match="needs names of modules"):
        testing.take_modules([given])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/modules", True),
        ("tests/modules/test_sale.py::TestSale", True),
        ("./tests/modules/", True),
        ("tests/models", False),
        ("tests", False),
    ],
)
def test_tests_of_modules_have_a_database_of_their_own(root, path, expected):
    assert testing.is_with_modules(root, path) is expected
    assert testing.is_with_modules(root, str(root / path)) is expected


def test_a_report_is_counted(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    counts = testing.read_report(report)
    assert counts.line() == "1 passed, 2 failed, 1 skipped"
    assert counts.skipped == ["tests.api.a.four: why"]


def test_a_missing_report_counts_nothing(tmp_path):
    assert testing.read_report(tmp_path / "absent.xml").total == 0


def test_both_kinds_are_counted_together_and_skipped_ones_are_named(capsys):
    counts = Counts(passed=2)
    counts.add(Counts(passed=1, skipped=["tests.browser.tour: no browser"]))
    assert testing.conclude(counts, [0, 0], ci=False) == 0
    output = capsys.readouterr().out.splitlines()
    assert output[0] == "skipped: tests.browser.tour: no browser"
    assert output[-1] == "3 passed, 0 failed, 1 skipped"


def test_a_room_where_nothing_matched_is_no_failure():
    assert testing.conclude(Counts(passed=1), [testing.NO_TESTS, 0], ci=False) == 0


def test_no_test_at_all_is_never_a_success(capsys):
    assert testing.conclude(Counts(), [testing.NO_TESTS], ci=False) == testing.NO_TESTS
    assert testing.conclude(Counts(), [0], ci=False) == testing.NO_TESTS
    assert "passed" not in capsys.readouterr().out


@pytest.mark.parametrize("codes", [[1], [0, 2], [0]])
def test_a_failure_decides_the_exit_code(codes):
    assert testing.conclude(Counts(passed=1, failed=1), codes, ci=False) != 0


@pytest.mark.parametrize("reason", testing.NO_BROWSER)
def test_a_browser_test_that_is_skipped_fails_in_ci(reason, capsys):
    counts = Counts(passed=1, skipped=[f"tests.browser.tour: {reason}", "other: live"])
    assert testing.conclude(counts, [0], ci=True) == 1
    assert "1 passed, 1 failed, 1 skipped" in capsys.readouterr().out
