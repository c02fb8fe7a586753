"""List the libraries of the environment that have a newer version than the one in
requirements.lock, as pip finds them in the registry that the machine is set up for.
requirements-dev.txt says why some are held back, and how the lock is renewed."""

HELP = "list the libraries that have a newer version"


def configure(parser):
    """No arguments."""


def run(args, workspace) -> int:
    pip = [workspace.python, "-m", "pip", "--disable-pip-version-check"]
    return workspace.run([*pip, "list", "--outdated"], database=False)
