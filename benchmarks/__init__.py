"""What ./dev bench measures: never a test, always a ratio or a count.

A benchmark is a module with ``measure(bench) -> Iterable[Figure]``; ``bench`` is a
:class:`~benchmarks.bench.Bench`. Runs inside Odoo, beside a pretend Octopus without
daily limits: ``python -m benchmarks NAME DATABASE SANDBOX_ADDRESS``.

``benchmarks.versus`` runs outside, and compares two builds that run in processes of
their own (``benchmarks.rounds``).
"""
