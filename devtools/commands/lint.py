"""Run the hooks of .pre-commit-config.yaml, all of them over all files of the
repository, or over the given files and folders only. Hooks that can mend a file
do so and fail, as pre-commit does."""

import os
import subprocess

from .. import node_env
from ..errors import DevError

HELP = "run the pre-commit hooks over all files, or over those given"


def configure(parser):
    parser.add_argument("paths", nargs="*", help="files or folders; default: all")
    parser.add_argument("--hook", help="run this hook only (its id)")


def run(args, workspace) -> int:
    env = workspace.environment(database=False)
    node = node_env.folder(workspace.cache, workspace.python)
    if node:
        env["PATH"] = os.pathsep.join([str(node), env["PATH"]])
    env["PRE_COMMIT_HOME"] = str(workspace.cache.folder("pre-commit"))
    command = [workspace.python, "-m", "pre_commit", "run", *filter(None, [args.hook])]
    files = ["--all-files"]
    if args.paths:
        files = ["--files", *tracked(workspace, args.paths)]
    return workspace.run([*command, *files], env=env)


def tracked(workspace, paths) -> list[str]:
    """The files of the repository, also new ones, at the given places."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *paths],
        cwd=workspace.root,
        capture_output=True,
        text=True,
        check=False,
    )
    files = [
        name for name in listing.stdout.splitlines() if (workspace.root / name).exists()
    ]
    if not files:
        raise DevError(f"No file of the repository at {' '.join(paths)}.")
    return files
