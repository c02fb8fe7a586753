"""A small schedule; ``./dev chaos`` runs as many steps as asked."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 600


class TestSchedule(unittest.TestCase):
    def test_issue3_each_document_is_booked_once_or_says_why_not(self):
        """X.20, X.23, X.24, X.25: with faults, kills and the accountant's acts."""
        done = subprocess.run(
            [sys.executable, "dev", "chaos", "--steps", "60", "--seed", "4", "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        self.assertTrue(done.stdout, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0, found["told"])
        self.assertEqual(found["steps"], 60)
        self.assertGreater(found["documents"], 10)
        self.assertGreater(found["bookings"], 10)
