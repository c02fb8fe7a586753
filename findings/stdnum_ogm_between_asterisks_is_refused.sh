#!/usr/bin/env bash
# python-stdnum 2.2, stdnum.be.ogm_vcs: the Belgian structured communication is refused
# in one of the two ways in which it is printed.
#
# A communication stands between three plus signs or between three asterisks: both are
# on Belgian invoices and transfer forms, and mean the same. Seen: +++010/8068/17183+++
# is valid and gives 010806817183; ***010/8068/17183*** raises InvalidFormat. Who looks
# with it whether the text of a payment holds a communication finds none in the second.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check python-stdnum==2.2
"$work/env/bin/python" - <<'PYTHON'
from importlib.metadata import version

from stdnum.be import ogm_vcs
from stdnum.exceptions import InvalidFormat

print("python-stdnum", version("python-stdnum"))
plus, asterisks = "+++010/8068/17183+++", "***010/8068/17183***"
print(plus, "->", ogm_vcs.validate(plus))
assert ogm_vcs.validate(plus) == "010806817183"
try:
    ogm_vcs.validate(asterisks)
except InvalidFormat as error:
    print(asterisks, "->", type(error).__name__)
else:
    raise SystemExit(f"{asterisks} is taken now: this finding is out of date")
PYTHON
