"""Chaos: a seeded random schedule over a real Odoo database and a pretend Octopus.

``./dev chaos`` copies a database for each seed, starts a sandbox beside it and runs
``python -m devtools.chaos``, which

1. links two companies with two dossiers (:mod:`.world`);
2. draws acts at random (:mod:`.schedule`): documents, what people do and decide, also
   beside a worker that is busy, workers that are killed, faults of the service, the
   accountant, the clock;
3. comes to a checkpoint every now and then, at which all is brought to rest
   (:mod:`.quiesce`): what a person would mend is mended, time goes by, everything is
   tried again;
4. there, holds Octopus's books against Odoo's (:mod:`.books`).

A flow (:mod:`.flows`) says which acts there are and how to judge. Workers are real
processes (:mod:`.workers`): forked with the registry loaded, so that a process that can
be killed at any instant costs no more than a fork.
"""
