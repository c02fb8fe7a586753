"""How alike two names are, as pg_trgm counts it: what the database is held against."""


def trigrams(name):
    """The trigrams of a name in lower case without signs."""
    padded = [f"  {word} " for word in name.split()]
    return {word[at : at + 3] for word in padded for at in range(len(word) - 2)}


def similarity(one, other):
    """How many of all their trigrams two names share, 0 to 1."""
    ours, theirs = trigrams(one), trigrams(other)
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def alike(ours, theirs, *keys):
    """How alike two names are, by the key by which they are more so.

    :param ours: arguments of a key
    :param theirs: as well
    :param keys: of ``core.find_relation``
    """
    return max(similarity(key(*ours), key(*theirs)) for key in keys)
