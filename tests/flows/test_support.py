"""The log explains itself, and a copy of it holds no secret (Z.22)."""

import base64
import html
import io
import json
import zipfile
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.call_log import TOKENS

from tests.common import demo

from .outbox_case import INSERT, OutboxCase

IBAN = "BE71096123456769"


class TestSupport(OutboxCase):
    def calls_of(self, operation):
        return self.env["octopus.call"].search([("operation", "=", operation)])

    def bundle(self, record):
        """Return the texts of the file that a person saves, by their name."""
        action = record.action_support()
        support = self.env[action["res_model"]].browse(action["res_id"])
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(support.data))) as bundle:
            return {
                name: bundle.read(name).decode() for name in sorted(bundle.namelist())
            }

    def assert_no_secret(self, texts):
        secrets = (demo.SOFTWARE_HOUSE, demo.PASSWORD, *TOKENS.tokens(), IBAN)
        self.assertGreater(len(secrets), 3, "a token is held")
        for secret in secrets:
            self.assertNotIn(secret, " ".join(texts))

    def test_z22_a_call_tells_what_octopus_said(self):
        self.faults.add("status", status=503, operation=INSERT)
        row = self.send(self.document())
        [call] = self.calls_of("insert_booking")
        self.assertEqual((call.outcome, call.http_status), ("failed", 503))
        self.assertTrue(call.technical)
        self.assertEqual(call.run_ref, row.run_id.id)
        self.assertEqual(call.action_open_run()["res_id"], row.run_id.id)
        calls = self.env["octopus.call"].search(row.run_id.action_calls()["domain"])
        self.assertIn(call, calls)
        self.assertFalse(call.request_body or call.answer_body, "no support mode")

    def test_z22_support_mode_keeps_bodies_without_secrets_and_ends_by_itself(self):
        self.connection.action_support_start()
        self.assertTrue(self.connection.in_support)
        TOKENS.clear()
        self.assert_booked(self.send(self.document()))
        [call] = self.calls_of("insert_booking")
        self.assertIn('"journalKey"', call.request_body)
        logins = self.calls_of("authenticate") | self.calls_of("open_dossier")
        self.assertIn("•••", logins[0].answer_body)
        bodies = self.env["octopus.call"].search([])
        told = bodies.mapped("request_body") + bodies.mapped("answer_body")
        self.assert_no_secret(filter(None, told))
        self.connection.sudo().support_until -= timedelta(hours=25)
        self.assertFalse(self.connection.in_support)
        self.send(self.document())
        self.assertFalse(self.calls_of("insert_booking")[0].request_body)

    def test_z22_support_mode_is_for_administrators(self):
        user = new_test_user(self.env, "user", groups="octopus_connector.group_user")
        with self.assertRaises(AccessError):
            self.connection.with_user(user).action_support_start()
        with self.assertRaises(AccessError):
            self.dossier.with_user(user).action_support()

    def test_z22_the_copy_for_support_tells_all_but_secrets(self):
        self.connection.action_support_start()
        self.company.partner_id.bank_ids = [(0, 0, {"acc_number": IBAN})]
        self.set_journal("V1", opened_by="accountant")
        row = self.send(self.document())
        row.move_id.message_post(body=f"Paid from {IBAN}; password {demo.PASSWORD}")
        texts = self.bundle(self.dossier)
        self.assert_no_secret(texts.values())
        parts = {name: json.loads(text) for name, text in texts.items()}
        self.assertEqual(parts["about.json"]["connection"]["state"], "connected")
        self.assertEqual(parts["dossier.json"]["number"], demo.MAIN)
        self.assertIn("octopus_number_policy", parts["settings.json"][0])
        [document] = [
            each
            for each in parts["documents.json"]
            if each["document_name"] == row.document_name
        ]
        [finding] = document["findings"]
        self.assertEqual(finding["code"], "journal_open_elsewhere")
        self.assertIn("V1", finding["title"])
        self.assertEqual(parts["runs.json"][0]["kind"], "push")
        said = [call["technical"] for call in parts["calls.json"]]
        self.assertTrue(any(said), "what Octopus answered is there")

    def test_z22_a_password_with_signs_of_other_texts_is_no_secret_less(self):
        secret = 'p"a<s\\s&é'
        row = self.send(self.document())
        self.connection.sudo().secret = secret
        spelled = [secret, json.dumps({"password": secret}), html.escape(secret)]
        row.move_id.message_post(body=" ".join(spelled))
        text = self.bundle(row)["documents.json"]
        self.assertEqual(text.count("•••"), len(spelled))
        self.assertNotIn("<s", text)
        json.loads(text)

    def test_z22_the_copy_of_one_document_holds_its_history(self):
        row = self.send(self.document())
        row.move_id.message_post(body=f"Paid from {IBAN}; password {demo.PASSWORD}")
        other = self.send(self.document())
        texts = self.bundle(row)
        self.assert_no_secret(texts.values())
        [document] = json.loads(texts["documents.json"])
        self.assertEqual(document["octopus_number"], row.octopus_number)
        history = " ".join(note["text"] for note in document["history"])
        self.assertIn(f"Booked in Octopus as {row.octopus_number}", history)
        self.assertNotIn(other.document_name, texts["documents.json"])
        calls = json.loads(texts["calls.json"])
        self.assertIn("insert_booking", {call["operation"] for call in calls})

    def test_z22_the_log_is_kept_for_a_time_and_then_forgotten(self):
        self.connection.action_support_start()
        row = self.send(self.document())
        [call] = self.calls_of("insert_booking")
        calls = self.env["octopus.call"].sudo()
        now = fields.Datetime.now()
        call.sudo().date = now - timedelta(days=8)
        calls._gc_bodies()
        self.assertFalse(call.request_body or call.answer_body)
        calls._gc_calls()
        self.assertTrue(call.exists())
        call.sudo().date = now - timedelta(days=91)
        run = row.run_id
        run.sudo().started_at = now - timedelta(days=91)
        calls._gc_calls()
        calls._gc_runs()
        self.assertFalse(call.exists() or run.exists())
        self.assertEqual(row.state, "booked")
        # Today's calls are what the daily limits are counted by.
        self.env["ir.config_parameter"].set_param("octopus_connector.log_days", "0")
        self.send(self.document())
        calls._gc_calls()
        self.assertTrue(self.calls_of("insert_booking"))
