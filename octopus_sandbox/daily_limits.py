"""The daily limits, the same behind every door (docs/octopus.md §2)."""


def take(call, filtered=False):
    """Count a call; False when its operation's daily limit is used up.

    ``filtered``: a search parameter was given, which has a limit of its own.
    """
    limit = call.operation.limit(filtered)
    if limit is None or call.switches["quota"] == "off":
        return True
    key = (call.operation.id, filtered, _counted(call))
    today = call.world.clock.today()
    if not call.world.state.quota.take(key, limit, today):
        return False
    call.quota_key = key
    return True


def give_back(call):
    """A counted call was refused: it may not count (switch ``quota_counts``)."""
    if call.quota_key and call.switches["quota_counts"] == "accepted":
        call.world.state.quota.give_back(call.quota_key)


def _counted(call):
    """Whose calls are counted together (switch ``quota_scope``)."""
    scope = call.switches["quota_scope"]
    user = call.claims.get("user", "")
    if call.books and scope == "dossier":
        return str(call.dossier.id)
    if scope == "software_house" and user:
        return call.world.state.logins[user].software_house
    return user
