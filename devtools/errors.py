"""The one error that ./dev explains instead of showing a traceback."""


class DevError(Exception):
    """Something a person must mend; the message says what and how."""
