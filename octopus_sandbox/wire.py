"""What a door can do to a connection besides answering."""


class Cut(Exception):
    """The connection ends without a (whole) answer.

    ``kind``: ``hang`` (nothing until the client gives up, at most ``seconds``),
    ``close``, ``reset``, or ``truncated`` (half of ``response``).
    """

    def __init__(self, kind, seconds=0.0, response=None):
        super().__init__(kind)
        self.kind = kind
        self.seconds = seconds
        self.response = response
