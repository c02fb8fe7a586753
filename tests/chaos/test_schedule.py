"""A small schedule; ``./dev chaos`` runs as many steps as asked."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 1500


class TestSchedule(unittest.TestCase):
    def test_issue3_each_document_is_booked_once_or_says_why_not(self):
        """X.20, X.23, X.24, X.25: with faults, kills and the accountant's acts."""
        found = self.run_schedule("--steps=60", "--seed=4")
        self.assertEqual(found["steps"], 60)
        self.assertGreater(found["documents"], 10)
        self.assertGreater(found["bookings"], 10)
        self.assertGreater(found["kills"], 0)
        self.assertGreater(sum(found["faults"].values()), 0)

    def test_issue4_what_is_paid_is_what_octopus_has_or_says_why_not(self):
        """X.33, X.34, X.36, X.37, H.1, H.2: money of the accountant and of people."""
        options = ("--flow=payments", "--edition=community", "--steps=80")
        found = self.run_schedule(*options, "--seed=31")
        self.assertEqual(found["steps"], 80)
        self.assertGreater(found["documents"], 10)
        self.assertGreater(found["acts"]["receive"], 2)
        self.assertGreater(found["states"]["booked, paid"], 1)

    def test_x64_what_has_no_entry_is_used_or_asked_about(self):
        """Odoo's Enterprise: people register payments that wait for the bank."""
        options = ("--flow=payments", "--edition=enterprise", "--steps=80")
        found = self.run_schedule(*options, "--seed=9531")
        self.assertEqual(found["steps"], 80)
        self.assertGreater(found["acts"]["register_without_entry"], 2)
        states = found["states"]
        known = states.get("registered, waits", 0) + states.get("registered, used", 0)
        self.assertGreater(known, 0)
        self.assertGreater(states.get("booked, in_payment", 0), 0)

    def test_a_planted_fault_is_found_and_its_acts_are_named(self):
        """Of nine steps those two are left that matter; alone they are red, too."""
        planted = ("--flow=planted", "--steps=9", "--seed=0")
        done = self.dev(*planted, "--minimise", "--tries=20")
        self.assertEqual(done.returncode, 1, done.stderr)
        *_before, first, second, replay, command = done.stderr.strip().splitlines()
        (_dev, number, first), (_dev, _number, second) = first.split(), second.split()
        self.assertEqual((first, second), ("first", "second"))
        self.assertIn(f"--only {number},", command)
        again = self.dev("--replay", replay.split("--replay ")[1], "--json")
        self.assertEqual(json.loads(again.stdout)["lost"], 1)
        less = self.dev(*planted[:1], "--seed=0", f"--only={number}")
        self.assertEqual(less.returncode, 0, less.stderr)

    @staticmethod
    def dev(*options):
        return subprocess.run(
            [sys.executable, "dev", "chaos", *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def run_schedule(self, *options):
        """Run a schedule in which nothing may go wrong; give its result."""
        done = self.dev(*options, "--json")
        self.assertTrue(done.stdout, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0, found["told"])
        return found
