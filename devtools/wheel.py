"""The addon as a wheel: built, and tried where the checkout is out of reach."""

import shutil
import subprocess
from pathlib import Path

from .console import run_logged
from .databases import ADDON, TRIAL
from .errors import DevError

SOURCES = ("setup.py", "README.md", "LICENSE")
# What goes along: the addon, and what it can be tried with.
FOLDERS = (ADDON, TRIAL, "octopus_sandbox")
PATH_OF_MODULE = "import odoo.addons.octopus_connector as m; print(m.__path__[0])"


def build(workspace, folder: Path) -> Path:
    """Build the wheel into ``folder`` and give its file.

    :raises DevError: with the end of the log.
    """
    # In a copy: building leaves its own files behind in the sources.
    sources = folder / "sources"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in FOLDERS:
        shutil.copytree(workspace.root / name, sources / name, ignore=ignored)
    for name in SOURCES:
        shutil.copy2(workspace.root / name, sources / name)
    pip = [workspace.python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command = [*pip, "--wheel-dir", folder, sources]
    run_logged(command, workspace.cache.log("wheel"), cwd=folder)
    shutil.rmtree(sources)
    return next(folder.glob("*.whl"))


def install(workspace, wheel: Path, folder: Path) -> Path:
    """Install a wheel in a new environment beside Odoo and what Odoo needs.

    :return: that environment's interpreter.
    """
    log = workspace.cache.log("wheel")
    run_logged([workspace.python, "-m", "venv", "--without-pip", folder], log)
    python = folder / "bin" / "python"
    site = next(folder.glob("lib/python*/site-packages"))
    shared = next(workspace.python.parent.parent.glob("lib/python*/site-packages"))
    # Odoo and its requirements come from the workspace's environment, behind ours.
    (site / "workspace.pth").write_text(
        f"import site; site.addsitedir({str(shared)!r})\n"
    )
    pip = [workspace.python, "-m", "pip", "--python", python, "install", "--no-deps"]
    run_logged([*pip, wheel], log)
    return python


def check(workspace, folder: Path) -> str:
    """Build the wheel, install it and install the module from it in a database.

    :param folder: an empty folder outside the checkout.
    :return: the module's state in that database (``installed`` when all is well).
    :raises DevError: when a step fails or the module came from elsewhere.
    """
    python = install(workspace, build(workspace, folder), folder / "venv")
    env = workspace.environment()
    where = subprocess.run(
        [python, "-c", PATH_OF_MODULE],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if not where.stdout.startswith(str(folder)):
        raise DevError(f"The module is not the wheel's: {where.stdout}{where.stderr}")
    return _install_module(workspace, python, folder, env)


def _install_module(workspace, python: Path, folder: Path, env: dict) -> str:
    env = {key: value for key, value in env.items() if key != "ODOO_RC"}
    with workspace.databases.scratch(workspace.databases.template()) as name:
        command = [
            *(python, "-m", "odoo"),
            # Odoo's own addons only: the checkout is not on this path.
            f"--addons-path={','.join(map(str, workspace.odoo.addons))}",
            f"--data-dir={workspace.data_dir}",
            f"--database={name}",
            f"--init={ADDON},{TRIAL}",
            *("--stop-after-init", "--no-http"),
        ]
        run_logged(command, workspace.cache.log("wheel"), cwd=folder, env=env)
        sql = "SELECT max(state) FROM ir_module_module WHERE name IN (%s, %s)"
        return workspace.postgres.query(sql, ADDON, TRIAL, database=name)[0][0]
