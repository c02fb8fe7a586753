"""Which function answers which operation."""

HANDLERS = {}


def handles(operation_id):
    """Register a function ``(call) -> Answer`` for an operation of the contract."""

    def register(function):
        HANDLERS[operation_id] = function
        return function

    return register
