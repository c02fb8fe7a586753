"""A dialog decides only about what the server put in it, for who opened it, and about
rows as they are at that moment (issue 11 §1.1, §1.3)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tests.common import JsonRpcException

from odoo.addons.octopus_connector.core.states import DOCUMENT_STATES, TO_DECIDE
from odoo.addons.octopus_connector.send.decisions import (
    accept_difference,
    send_anew,
    update,
)

from ..common import OctopusHttpCase
from ..flows.outbox_case import INSERT, OutboxCase

NOT_DIFFERENT = [state for state, _label in DOCUMENT_STATES if state not in TO_DECIDE]
DIALOGS = (
    "octopus.accountant.access",
    "octopus.accountant.ask",
    "octopus.booking.preview",
    "octopus.booking.preview.line",
    "octopus.contact.import",
    "octopus.difference",
    "octopus.effective.setting",
    "octopus.disconnect",
    "octopus.exclude",
    "octopus.lock.date",
    "octopus.mapping.sheet",
    "octopus.mapping.sheet.line",
    "octopus.check.list",
    "octopus.new.bookyear",
    "octopus.new.journal",
    "octopus.payment.ignore",
    "octopus.pause",
    "octopus.send.documents",
    "octopus.start",
    "octopus.support",
    "octopus.withdraw",
)
# What a person opens to fill in, and no server made for an act.
FORMS = ("octopus.settings", "octopus.setup")


class DialogCase(OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.person("clerk", "group_user")
        cls.colleague = cls.person("colleague", "group_manager")

    @classmethod
    def person(cls, login, group):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"octopus_connector.{group}",
            company_id=cls.company.id,
        )

    def as_of(self, state, **values):
        """Return the row of a document, in sudo, as if it had come to a state."""
        row = self.row(self.document()).sudo()
        row.write({"state": state, **values})
        return row

    def opened(self, row, user):
        """Return the dialog about a row that a user opened."""
        action = row.with_user(user).action_decide()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])


class TestStates(DialogCase):
    """A user's word is never the state of a row."""

    def test_only_what_is_different_can_be_settled(self):
        """Not one state that is no difference becomes booked, whoever asks."""
        for state in NOT_DIFFERENT:
            row = self.as_of(state)
            for decide in (
                lambda row=row: accept_difference(row, "agreed"),
                lambda row=row: send_anew(row),
                lambda row=row: update(row),
            ):
                with self.subTest(state=state), self.assertRaises(UserError):
                    decide()
                self.assertEqual(row.state, state)
            row.sudo().state = "excluded"

    def test_a_dialog_does_nothing_about_rows_that_changed_meanwhile(self):
        for state in NOT_DIFFERENT:
            row = self.as_of("changed")
            dialog = self.opened(row, self.clerk)
            dialog.reason = "agreed"
            row.sudo().state = state
            for button in ("update", "credit", "settle", "send_again"):
                with self.subTest(state=state, button=button):
                    self.assertRaises(UserError, getattr(dialog, f"action_{button}"))
                    self.assertEqual(row.state, state)
            row.sudo().state = "excluded"
        self.assertFalse(self.calls())

    def test_what_is_there_is_not_sent_again(self):
        row = self.send(self.document())
        row.sudo().state = "changed"
        dialog = self.opened(row, self.clerk)
        dialog.agreed = True
        with self.assertRaises(UserError):
            dialog.action_send_again()
        self.assertEqual((row.state, len(self.copies(row.move_id))), ("changed", 1))

    def test_no_reason_settles_or_excludes_nothing(self):
        different, ready = self.as_of("changed"), self.as_of("ready")
        dialog = self.opened(different, self.clerk)
        for reason in (False, "", "  "):
            with self.subTest(reason=reason):
                dialog.reason = reason
                with self.assertRaises(UserError):
                    dialog.action_settle()
                with self.assertRaises(UserError):
                    ready.exclude(reason)
                action = ready.move_id.action_octopus_exclude()
                exclude = self.env[action["res_model"]].browse(action["res_id"])
                exclude.reason = reason
                with self.assertRaises(UserError):
                    exclude.action_exclude()
        self.assertEqual((different.state, ready.state), ("changed", "ready"))
        different.sudo().state = "excluded"

    def test_adopting_looks_at_the_state_again(self):
        for state in ("sending", "unknown", "booked", "excluded"):
            row = self.as_of(state, cause="maybe_booked")
            for decide in (row.action_adopt, row.action_other_document):
                with self.subTest(state=state), self.assertRaises(UserError):
                    decide()
                self.assertEqual(row.state, state)
            row.sudo().state = "excluded"

    def test_the_context_of_a_client_is_no_value_of_a_row(self):
        """Rows are made in sudo: a default of the client must not reach them."""
        move = self.document(post=False)
        words = {"default_state": "booked", "default_number": 7, "default_queued": True}
        move.with_context(**words).action_post()
        row = self.row(move)
        self.assertEqual((row.state, row.number, row.queued), ("ready", 0, False))
        self.assertFalse(self.calls(INSERT))


class TestDialogs(DialogCase):
    """A dialog is made by the server, and belongs to who opened it."""

    def transients(self):
        return [
            model
            for model in self.env.values()
            if model._transient and model._original_module == "octopus_connector"
        ]

    def test_each_has_a_rule_that_keeps_it_to_who_opened_it(self):
        names = {model._name for model in self.transients()}
        self.assertEqual(names, {*DIALOGS, *FORMS})
        for name in names:
            with self.subTest(name):
                rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
                self.assertEqual(
                    [(rule.domain_force, rule["global"]) for rule in rules],
                    [("[('create_uid', '=', user.id)]", True)],
                )
                self.assertTrue(all(rules[f"perm_{mode}"] for mode in MODES))

    def test_a_client_makes_none(self):
        """Only the forms are begun by a person."""
        for name in DIALOGS:
            for user in (self.clerk, self.colleague):
                dialogs = self.env[name].with_user(user)
                with self.subTest(name, user=user.login):
                    for mode in ("create", "unlink"):
                        self.assertFalse(dialogs.has_access(mode))
                    for field in dialogs._fields.values():
                        may = dialogs._has_field_access(field, "write")
                        self.assertEqual(may, field.name in dialogs._answers, field)

    def test_previews_and_bundles_are_nobody_elses(self):
        row = self.row(self.document())
        colleague = self.colleague
        opened = [
            row.move_id.with_user(self.clerk).action_octopus_preview(),
            self.dossier.action_support(),
        ]
        for action in opened:
            dialog = self.env[action["res_model"]].browse(action["res_id"])
            with self.subTest(action["res_model"]):
                self.assertTrue(dialog.with_user(dialog.create_uid).has_access("read"))
                theirs = dialog.with_user(colleague)
                with self.assertRaises(AccessError):
                    theirs.read(["create_uid"])
                self.assertFalse(theirs.search([]))


MODES = ("read", "write", "create", "unlink")


class TestOverRpc(DialogCase, OctopusHttpCase):
    """The same as a client sends it."""

    def call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def assert_refused(self, model, method, *args, **kwargs):
        with self.assertRaises(JsonRpcException):
            self.call(model, method, *args, **kwargs)

    def test_a_client_says_neither_state_nor_documents_nor_html(self):
        ready, different = self.as_of("ready"), self.as_of("changed")
        dialog = self.opened(different, self.clerk)
        preview = ready.move_id.with_user(self.clerk).action_octopus_preview()
        self.authenticate("clerk", "clerk")
        words = {"booking_ids": [(6, 0, ready.ids)], "state": "ready"}
        self.assert_refused("octopus.difference", "create", [words])
        for name, value in words.items():
            self.assert_refused(
                "octopus.difference", "write", dialog.ids, {name: value}
            )
        for values in ({"findings_html": "<b>x</b>"}, {"findings": []}):
            self.assert_refused(
                "octopus.booking.preview", "write", [preview["res_id"]], values
            )
        self.call("octopus.difference", "write", dialog.ids, {"reason": "agreed"})
        self.call("octopus.difference", "action_settle", dialog.ids)
        self.assertEqual((ready.state, different.state), ("ready", "booked"))
        different.sudo().state = "excluded"
        self.assertFalse(self.calls(INSERT))

    def test_a_client_calls_no_act_of_the_model_itself(self):
        row = self.as_of("ready")
        self.authenticate("colleague", "colleague")
        for method, args in (
            ("set_booked", [{}]),
            ("exclude", ["not needed"]),
            ("queue", []),
            ("claim", [{}]),
            ("release_number", []),
        ):
            self.assert_refused("octopus.booking", method, row.ids, *args)
        self.assertEqual(row.state, "ready")
