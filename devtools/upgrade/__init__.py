"""An installed database of an older version, upgraded with today's code.

``./dev upgrade`` takes an older revision of this repository, fills a database with its
code beside a pretend Octopus until there are documents and payments in every state
(:mod:`.job`), upgrades it, holds every row against what it was (:mod:`.rows`), lets the
scheduled actions go on and judges what came of each document and payment
(:mod:`.judging`).

:mod:`.before` is copied beside the older code and runs on that; :mod:`.after` runs on
today's.
"""
