"""./dev finds its commands by itself and reads their arguments (issue 2 §1)."""

import types

import pytest

from devtools import main
from devtools.errors import DevError


def test_every_module_in_commands_is_a_command_with_help():
    known = main.load_commands()
    assert {"setup", "test", "lint", "shell", "odoo", "wheel"} <= set(known)
    assert all(module.HELP for module in known.values())


def test_a_command_that_passes_arguments_through_gets_them_unread():
    module = types.SimpleNamespace(PASS_THROUGH=True, __doc__="")
    args = main.command_arguments("test", module, ["-k", "foo", "-x", "tests/api"])
    assert args.rest == ["-k", "foo", "-x", "tests/api"]
    args = main.command_arguments("odoo", module, ["--", "--version"])
    assert args.rest == ["--version"]


def test_what_follows_the_command_belongs_to_it():
    parser = main.build_parser(main.load_commands())
    options = parser.parse_args(["--db-host", "db", "test", "-x", "--db-host", "no"])
    assert (options.db_host, options.command) == ("db", "test")
    assert options.arguments == ["-x", "--db-host", "no"]


def test_an_unknown_command_is_refused_with_the_list(capsys):
    with pytest.raises(SystemExit) as exit_info:
        main.main(["sing"])
    assert exit_info.value.code == 2
    assert "'lint'" in capsys.readouterr().err


def test_an_error_that_a_person_must_mend_is_explained_without_traceback(capsys):
    def run(args, workspace):
        raise DevError("Set ODOO_PATH.")

    assert main.run_command(types.SimpleNamespace(run=run), None) == 2
    assert capsys.readouterr().err == "[dev] ERROR: Set ODOO_PATH.\n"


def test_a_working_place_that_is_no_database_name_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("OCTOPUS_DEV_NAME", "My Place")
    assert main.run_command(types.SimpleNamespace(run=None), None) == 2
    assert "OCTOPUS_DEV_NAME='My Place'" in capsys.readouterr().err
