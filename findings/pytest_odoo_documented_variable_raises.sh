#!/usr/bin/env bash
# pytest-odoo 2.3.0: the environment variable that its page names in place of the option
# --odoo-db-use-env-vars cannot be used.
#
# Seen: with PYTEST_DB_USE_ENV_VARS=true any run that names a database or a configuration
# ends before a test is collected, with AttributeError: 'str' object has no attribute
# 'lowercase'. The option itself does what it says.
#
# Odoo is not needed to see it: the plugin fails while it still gathers options. What it
# imports and calls of Odoo before that is a stand-in that prints those options.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check \
    pytest-odoo==2.3.0 pytest==8.4.2
site=$("$work/env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mkdir "$site/odoo"
cat >"$site/odoo/__init__.py" <<'PYTHON'
"""As much of Odoo as the plugin touches before it starts."""


class tools:
    class config:
        @staticmethod
        def parse_config(options):
            raise SystemExit("options: " + " ".join(options))
PYTHON
echo "version_info = (18, 0)" >"$site/odoo/release.py"
cd "$work"
run() {
    env HOST=db.example "$@" "$work/env/bin/python" -m pytest --odoo-database=any \
        ${option:-} 2>&1 || true
}
by_option=$(option=--odoo-db-use-env-vars run)
by_variable=$(run PYTEST_DB_USE_ENV_VARS=true)
echo "pytest-odoo 2.3.0, option: $(grep -o 'options: .*' <<<"$by_option")"
echo "pytest-odoo 2.3.0, variable: $(tail -n 1 <<<"$by_variable")"
grep -q -- '--db_host=db.example' <<<"$by_option"
grep -q "AttributeError: 'str' object has no attribute 'lowercase'" <<<"$by_variable"
