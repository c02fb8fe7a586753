"""Every model, for every kind of person: may they read, write, make and remove rows?"""

from odoo.fields import Command

from . import policy, surface

# Other rows hang on it: it is neither removed nor made anew here.
NEEDED = {"octopus.connection"}


class RowChecks:
    def each(self):
        """Give (model, rights, person) for each pair."""
        for model in sorted(surface.own_models(self.env)):
            for name in policy.PEOPLE:
                yield model, policy.MODELS[model], name

    def row_for(self, model, name):
        """Return the row of a model, for a person; a dialog's is somebody else's."""
        return self.rows[model].with_user(self.people[name]).sudo(False)

    def may_act_on(self, name, least, reach):
        """Whether a person has a group and the row, which another one made."""
        return policy.may(name, least) and policy.reaches(name, reach)

    def test_read(self):
        for model, rights, name in self.each():
            row = self.row_for(model, name)
            theirs = rights.reach == policy.OWNER
            expected = not theirs and self.may_act_on(name, rights.read, rights.reach)
            self.check(f"{model}: {name} reads", expected, row.read)
            if policy.may(name, rights.read):
                found = row.search([("id", "=", row.id)])
                self.note(f"{model}: {name} finds", expected, bool(found))
            else:
                row.invalidate_model()
                self.check(f"{model}: {name} searches", False, row.search, [])
        self.assert_all_right()

    def test_write(self):
        """Each field that a client could write: one may be refused on its own."""
        for model, rights, name in self.each():
            row = self.row_for(model, name)
            theirs = rights.reach == policy.OWNER
            near = not theirs and self.may_act_on(name, rights.write, rights.change)
            fields = self.writable(model)
            # Who may write none of them is refused before any is looked at.
            for field in fields if near else fields[:1]:
                expected = near and field in rights.settings
                value = self.same(row, field)
                act = f"{model}: {name} writes {field}"
                self.check(act, expected, row.write, {field: value})
        self.assert_all_right()

    def writable(self, model):
        return [
            field.name
            for field in self.env[model]._fields.values()
            if surface.ADDON in field._modules and (field.store or field.inverse)
        ]

    def same(self, row, name):
        """Return the value that a field has, as a client would write it."""
        row = row.sudo()
        field = row._fields[name]
        if field.type == "one2many":
            return []
        if field.type == "many2many":
            return [Command.set(row[name].ids)]
        return field.convert_to_write(row[name], row)

    def test_create(self):
        for model, rights, name in self.each():
            # A row that is nobody's yet is made by who may, whatever company is theirs.
            own = rights.reach == policy.OWNER or model in NEEDED
            near = own or policy.reaches(name, rights.change)
            expected = near and policy.may(name, rights.create)
            self.check(
                f"{model}: {name} creates", expected, self.make_anew, model, name
            )
        self.assert_all_right()

    def make_anew(self, model, name):
        """Create a row in the place of the one that is there."""
        rights = policy.MODELS[model]
        values = self.rows.again(model, rights.settings or ())
        if rights.create and model not in NEEDED:
            self.rows[model].unlink()
        self.env[model].with_user(self.people[name]).create(values)

    def test_unlink(self):
        for model, rights, name in self.each():
            row = self.row_for(model, name)
            theirs = rights.reach == policy.OWNER
            expected = not theirs and self.may_act_on(
                name, rights.unlink, rights.change
            )
            if model in NEEDED and expected:
                continue
            self.check(f"{model}: {name} removes", expected, row.unlink)
        self.assert_all_right()

    def test_dialogs_belong_to_who_made_them(self):
        """Not even somebody with the same groups sees or changes another's dialog."""
        for model, rights, name in self.each():
            if rights.reach != policy.OWNER or not policy.may(name, rights.read):
                continue
            if not policy.reaches(name, rights.about):
                continue
            row = self.row_of(model, name)
            self.check(f"{model}: {name} reads their own", True, row.read)
            theirs = row.with_user(self.colleague)
            self.check(f"{model}: a colleague reads", False, theirs.read)
            self.note(
                f"{model}: a colleague finds",
                False,
                bool(theirs.search([("id", "=", row.id)])),
            )
            fields = () if name in policy.STRANGERS else self.writable(model)
            for field in fields:
                answer = policy.may(name, rights.write) and (
                    rights.settings is None or field in rights.settings
                )
                values = {field: self.same(row, field)}
                act = f"{model}: {name} writes {field} of their own"
                self.check(act, answer, row.write, values)
                self.check(f"{act}, as a colleague", False, theirs.write, values)
            self.check(f"{model}: a colleague removes", False, theirs.unlink)
        self.assert_all_right()
