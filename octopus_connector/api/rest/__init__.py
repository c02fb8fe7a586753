"""Octopus over REST: ``transport`` calls and ``answers`` judges; ``mapping`` and
``shapes`` say how our operations and values are written there."""
