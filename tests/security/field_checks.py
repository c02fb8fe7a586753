"""Every field that the addon adds to Odoo's models: who reads it, who writes it."""

from odoo.fields import Command

from . import policy, surface


class FieldChecks:
    def of_odoo(self):
        """Give (model, names of the addon's fields) of Odoo's models that keep rows."""
        for model in sorted(surface.addon_models(self.env)):
            cls = self.env.registry[model]
            if cls._original_module != surface.ADDON and not cls._transient:
                if names := surface.added_fields(self.env, model):
                    yield model, names

    def at_home(self):
        """Give the people who work for the company itself."""
        return [name for name in policy.PEOPLE if name not in policy.STRANGERS]

    def test_who_reads(self):
        """A customer in the portal, an employee, an invoicing clerk: none reads what
        is of Octopus users; and the rest of the record they read as ever."""
        for model, names in self.of_odoo():
            for person in self.at_home():
                row = self.rows[model].with_user(self.people[person]).sudo(False)
                self.check_rest(model, person, row, names)
                for field in names:
                    least = policy.READERS.get((model, field), policy.USER)
                    act = f"{model}.{field}: {person} reads"
                    self.check(act, policy.may(person, least), row.read, [field])
        self.assert_all_right()

    def check_rest(self, model, person, row, names):
        """Whoever reads a record in Odoo still reads all that is shown to them."""
        # As ``read`` finds them: a description may fail for who may read no groups.
        others = [it for it in row.fields_get(attributes=()) if it not in names]
        if row.has_access("read") and self.outcome(row.read, others) is True:
            self.check(f"{model}: {person} reads all", True, row.read)

    def test_who_writes(self):
        """What the addon keeps is refused to everybody, the administrator of everything
        too; a setting to who is not in its group."""
        for model, field, least in self.written():
            for person in self.at_home():
                row = self.rows[model].with_user(self.people[person]).sudo(False)
                act = f"{model}.{field}: {person} writes"
                self.check(
                    act, policy.may(person, least), row.write, self.one(field, row)
                )
            row = self.rows[model].with_user(self.chief).sudo(False)
            setting = field in policy.SETTINGS.get(model, ())
            act = f"{model}.{field}: the chief writes"
            self.check(act, setting, row.write, self.one(field, row))
        self.assert_all_right()

    def written(self):
        """Give (model, stored field, least group that may write it)."""
        for model, names in surface.stored_fields(self.env).items():
            for field in sorted(names):
                setting = field in policy.SETTINGS.get(model, ())
                yield model, field, policy.WRITERS[model] if setting else None

    def one(self, name, row):
        """Return values for ``write`` of the value that a field has; of a tick that the
        addon keeps the other one, as Odoo writes nothing to a line that has it."""
        row = row.sudo()
        field = row._fields[name]
        kept = name in policy.MACHINE_FIELDS.get(row._name, ())
        if kept and field.type == "boolean":
            return {name: not row[name]}
        if field.type in ("one2many", "many2many"):
            return {name: [Command.set(row[name].ids)]}
        return {name: field.convert_to_write(row[name], row)}

    def test_who_creates(self):
        """A new record is made as ever, and not with a field that the addon keeps."""
        for model, values in self.new_records().items():
            rows = self.env[model].with_user(self.chief)
            self.check(f"{model}: the chief creates", True, rows.create, values)
            for field in policy.MACHINE_FIELDS.get(model, ()):
                one = self.one(field, self.rows[model])
                act = f"{model}.{field}: the chief creates with it"
                self.check(act, False, rows.create, {**values, **one})
        self.assert_all_right()

    def new_records(self):
        """Return {model: values} for ``create`` of Odoo's models."""
        line = self.rows["account.partial.reconcile"]
        made = {
            "account.journal": {"name": "New", "code": "NEW", "type": "bank"},
            "account.move": {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
            },
            "account.move.line": {"move_id": self.draft().id, "name": "New"},
            "account.partial.reconcile": {
                "amount": 0.01,
                "credit_amount_currency": 0.01,
                "credit_move_id": line.credit_move_id.id,
                "debit_amount_currency": 0.01,
                "debit_move_id": line.debit_move_id.id,
            },
            "account.payment": {
                "amount": 1.0,
                "journal_id": self.payment.journal_id.id,
                "partner_id": self.partner_a.id,
                "payment_type": "inbound",
            },
            "res.company": {"name": "New"},
            "res.partner": {"name": "New"},
        }
        kept = {model for model, _names in self.of_odoo()}
        self.assertEqual(set(made), kept, "say here how a record of each is made")
        return made

    def draft(self):
        values = {"move_type": "out_invoice", "partner_id": self.partner_a.id}
        return self.env["account.move"].create(values)

    def test_settings_are_saved_by_administrators(self):
        """A.12: who administers Octopus needs no right to Odoo's own settings."""
        administrator = self.people[policy.ADMINISTRATOR]
        before = self.company.octopus_group_by_vat
        settings = self.env["octopus.settings"].with_user(administrator).create({})
        settings.octopus_group_by_vat = not before
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIs(self.company.octopus_group_by_vat, not before)
