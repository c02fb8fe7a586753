#!/usr/bin/env bash
# pytest-odoo 2.3.0 with pytest-xdist 3.8.0: each worker has a database of its own, and
# all of them have the one folder of files of the database that was copied.
#
# Seen: two workers with two database names get one and the same path from
# odoo.tools.config.filestore(), whatever database is asked for.
#
# Why it matters: Odoo's TransactionCase removes at the end of each test class
# the new files that its own database does not know (odoo/tests/common.py,
# _gc_filestore). Those that a test in another worker has just written are among them:
# its attachments are empty from then on, once in some hundred runs. Whoever runs Odoo's
# tests side by side gives each worker a folder of its own.
#
# Odoo and PostgreSQL are not needed to see it: what the plugin calls of them is a
# stand-in.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    pytest-odoo==2.3.0 pytest==8.4.2 pytest-xdist==3.8.0
site=$("$work/env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mkdir "$site/odoo"
cat >"$site/odoo/__init__.py" <<'PYTHON'
"""As much of Odoo as the plugin touches when it starts workers."""
import os
import types


class Config(dict):
    def parse_config(self, options):
        self.update(db_name="shop", dbfilter="", data_dir="/data", test_enable=False)

    def filestore(self, database):
        return os.path.join(self["data_dir"], "filestore", database)


tools = types.SimpleNamespace(config=Config())
modules = types.SimpleNamespace(
    registry=types.SimpleNamespace(Registry=lambda name: None)
)
sql_db = types.SimpleNamespace(close_db=lambda name: None)
PYTHON
echo "version_info = (18, 0)" >"$site/odoo/release.py"
echo "from . import release, tests" >>"$site/odoo/__init__.py"
mkdir "$site/odoo/tests"
cat >"$site/odoo/tests/__init__.py" <<'PYTHON'
import unittest


class BaseCase(unittest.TestCase):
    pass


from . import case, common
PYTHON
echo "from . import BaseCase as TestCase" >"$site/odoo/tests/case.py"
cat >"$site/odoo/tests/common.py" <<'PYTHON'
from . import BaseCase


class HttpCase(BaseCase):
    pass


def get_db_name():
    import odoo

    return odoo.tools.config["db_name"]
PYTHON
mkdir "$work/bin"
for program in createdb dropdb; do
    printf '#!/bin/sh\nexit 0\n' >"$work/bin/$program"
    chmod +x "$work/bin/$program"
done
cat >"$work/test_files.py" <<'PYTHON'
import os

import odoo
import pytest


@pytest.mark.parametrize("number", range(2))
def test_where_files_are(number):
    database = odoo.tools.config["db_name"]
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(f"{database} {odoo.tools.config.filestore(database)}\n")
PYTHON
cd "$work"
export SEEN="$work/seen"
PATH="$work/bin:$PATH" "$work/env/bin/python" -m pytest --odoo-database=shop -n 2 \
    --dist each -q test_files.py >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
sort -u "$SEEN"
test "$(cut -d' ' -f1 "$SEEN" | sort -u | wc -l)" = 2
test "$(cut -d' ' -f2 "$SEEN" | sort -u)" = /data/filestore/shop
