"""The policy names all that the addon shows; and what it does not name is told."""

from types import SimpleNamespace

from odoo.tests import TransactionCase, tagged

from . import policy, surface


def copied(**changes):
    """Return a copy of the policy, of which some tables are changed."""
    names = ("MODELS", "EXTENDED", "METHODS", "HTML", "MACHINE_FIELDS", "SETTINGS")
    tables = {name: getattr(policy, name) for name in names}
    return SimpleNamespace(**{**tables, **changes})


def without(table, model, name=None):
    """Return a copy of a table without a model, or without one of its names."""
    rows = {key: set(value) if name else value for key, value in table.items()}
    if name:
        rows[model].remove(name)
    else:
        del rows[model]
    return rows


@tagged("standard", "post_install", "-at_install")
class TestPolicy(TransactionCase):
    def missing(self, **changes):
        return surface.missing(self.env, copied(**changes))

    def test_nothing_is_missing(self):
        """A model, method, Html field or stored field without a row is red."""
        self.assertFalse(self.missing(), "\n".join(self.missing()))

    def test_what_is_missing_is_told(self):
        """Each table without one of its rows is told, with what to add."""
        for table, kind, shown, changes in (
            (
                "MODELS",
                "model",
                "octopus.run",
                {"MODELS": without(policy.MODELS, "octopus.run")},
            ),
            (
                "EXTENDED",
                "model",
                "res.partner",
                {"EXTENDED": policy.EXTENDED - {"res.partner"}},
            ),
            (
                "METHODS",
                "method",
                "octopus.run.action_pause",
                {"METHODS": without(policy.METHODS, "octopus.run", "action_pause")},
            ),
            (
                "HTML",
                "Html field",
                "octopus.run.problem_html",
                {"HTML": without(policy.HTML, "octopus.run", "problem_html")},
            ),
            (
                "MACHINE_FIELDS or SETTINGS",
                "stored field",
                "account.move.octopus_state",
                {
                    "MACHINE_FIELDS": without(
                        policy.MACHINE_FIELDS, "account.move", "octopus_state"
                    )
                },
            ),
            (
                "MACHINE_FIELDS or SETTINGS",
                "stored field",
                "res.company.octopus_enabled",
                {
                    "SETTINGS": without(
                        policy.SETTINGS, "res.company", "octopus_enabled"
                    )
                },
            ),
        ):
            with self.subTest(shown):
                [told] = self.missing(**changes)
                self.assertIn(f"{kind} {shown} has no row", told)
                self.assertIn(f"in {table} of tests/security/policy.py", told)

    def test_what_is_gone_is_told(self):
        """A row about what does not exist would be read as a promise."""
        methods = {**policy.METHODS, "octopus.run": {*policy.METHODS["octopus.run"]}}
        methods["octopus.run"].add("action_dance")
        [told] = self.missing(METHODS=methods)
        self.assertIn("octopus.run.action_dance is not there any more", told)

    def test_what_keeps_html_is_an_html_field(self):
        """No field keeps HTML as it comes that is not in the list."""
        kept = surface.unsanitized_fields(self.env)
        for model, names in kept.items():
            with self.subTest(model):
                self.assertLessEqual(names, set(policy.HTML.get(model, ())))
