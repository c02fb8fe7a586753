"""Every public method, for every kind of person, over the web client's own JSON-RPC."""

from . import policy, surface

ACCESS_ERROR = "odoo.exceptions.AccessError"
# Errors that say what is wrong with the business, or with its state.
BUSINESS_ERRORS = {
    "odoo.exceptions.LockError",
    "odoo.exceptions.RedirectWarning",
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
}
# Nobody is logged in.
NO_SESSION = "odoo.http.SessionExpiredException"
# What the button of a view gives along.
CONTEXT = {("octopus.relation", "action_link"): {"octopus_partner_id": 1}}
# What a call may change beside the tables of the addon.
TABLES = (
    "account_journal",
    "account_move",
    "account_payment",
    "ir_cron",
    "ir_cron_trigger",
    "mail_activity",
    "mail_message",
    "res_company",
    "res_partner",
)


class MethodChecks:
    def test_methods(self):
        """Who may not is refused with an access error, and nothing has changed; who may
        is not refused for access, whatever else stands in the way."""
        self.newest = self.newest_ids()
        for name in policy.PEOPLE:
            self.log_in(name)
            for model, methods in sorted(policy.METHODS.items()):
                self.check_methods(name, model, methods)
        self.assert_all_right()

    def check_methods(self, name, model, methods):
        allowed = {
            method: policy.may(name, least) and policy.reaches(name, reach)
            for method, (least, reach) in self.rights(model, methods).items()
        }
        with self.undone():
            self.check_refused(
                name, model, sorted(it for it in methods if not allowed[it])
            )
        for method, (least, _reach) in self.rights(model, methods).items():
            # Whoever has more groups than these has these, too.
            if allowed[method] and (name == least or name in policy.STRANGERS):
                with self.undone():
                    self.check_allowed(name, model, method)

    def rights(self, model, methods):
        """Return {method: (least group, reach)}."""
        known = policy.MODELS.get(model)
        reach = known.reach if known else policy.COMPANY
        return {
            method: row if isinstance(row, tuple) else (row, reach)
            for method, row in sorted(methods.items())
        }

    def check_refused(self, name, model, methods):
        row = self.row_of(model, name)
        # What a stranger does with their own, in the place of ours, is no matter.
        theirs = name in policy.STRANGERS and row._transient
        before, calls = self.digest(theirs), len(self.calls())
        for method in methods:
            error = self.rpc(model, method, row)
            if not self.is_refusal(name, model, method, error):
                told = error or "allowed"
                act = f"{model}.{method}: {name} calls"
                self.wrong.append(f"{act}: {told}, should be refused")
        changed = sorted(set(self.digest(theirs).items()) - set(before.items()))
        if changed:
            self.wrong.append(f"{model}: refused calls of {name} changed {changed}")
        if len(self.calls()) != calls:
            self.wrong.append(f"{model}: refused calls of {name} called Octopus")

    def is_refusal(self, name, model, method, error):
        """Whether a call was refused as it should be.

        A stranger may call what acts on their own companies and dialogs, with a row of
        ours in the place of theirs: it must do nothing, whatever it says.
        """
        if name == "public":
            return error == NO_SESSION
        row = policy.METHODS[model][method]
        own = isinstance(row, tuple) and policy.OWN in row
        if name in policy.STRANGERS and (own or self.rows[model]._transient):
            return error in {None, ACCESS_ERROR, *BUSINESS_ERRORS}
        return error == ACCESS_ERROR

    def check_allowed(self, name, model, method):
        error = self.rpc(model, method, self.row_of(model, name))
        if error and error not in BUSINESS_ERRORS:
            act = f"{model}.{method}: {name} calls"
            self.wrong.append(f"{act}: {error}, should be allowed")

    def log_in(self, name):
        login = None if name == "public" else f"matrix-{name}"
        self.authenticate(login, login)

    def rpc(self, model, method, row):
        """Call a method as the web client does; return the class of its error."""
        on_rows = not hasattr(getattr(type(row), method), "_api_model")
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "params": {
                    "model": model,
                    "method": method,
                    "args": [row.ids] if on_rows else [],
                    "kwargs": {"context": CONTEXT.get((model, method), {})},
                },
            },
            timeout=60,
        ).json()
        return answer["error"]["data"]["name"] if "error" in answer else None

    def digest(self, old_only=False):
        """Return what all rows are that a call may change.

        :param old_only: only the rows that were there when the test began
        """
        self.env.flush_all()
        queries = [
            f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text))"
            f" FROM {table} t"
            + (f" WHERE id <= {newest}" if old_only and newest is not None else "")
            for table, newest in self.newest.items()
        ]
        self.env.cr.execute(" UNION ALL ".join(queries))
        return dict(self.env.cr.fetchall())

    def newest_ids(self):
        """Return {table: the highest id in it}; ``None`` where rows have none."""
        kept, links = set(TABLES), set()
        for model in surface.addon_models(self.env):
            # What is a query keeps nothing.
            if model in surface.own_models(self.env) and self.env[model]._auto:
                kept.add(self.env[model]._table)
            for name in surface.added_fields(self.env, model):
                field = self.env[model]._fields[name]
                if field.type == "many2many" and field.store:
                    links.add(field.relation)
        self.env.cr.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', coalesce(max(id), 0) FROM {table}"
                for table in sorted(kept)
            )
        )
        return {**dict(self.env.cr.fetchall()), **dict.fromkeys(sorted(links))}
