"""Why the books say no."""


class Refusal(Exception):
    """An act that Octopus refuses: a return code and the technical text.

    ``code`` may be None where only a technical text is known.
    """

    def __init__(self, code, technical):
        super().__init__(technical)
        self.code = code
        self.technical = technical


class NotAuthenticated(Refusal):
    """Nobody is logged in: a wrong login, or no token."""


class WebServiceOff(Refusal):
    """The login exists, but may not use the web service."""


class AttachmentRefused(Refusal):
    """A file that Octopus does not keep."""

    def __init__(self, technical):
        super().__init__(None, technical)


class NothingFound(Exception):
    """There is nothing to answer; the text says what was looked for."""
