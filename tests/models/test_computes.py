"""Methods that compute fields, of which there are some."""

from tests.common import OctopusCase


class TestComputes(OctopusCase):
    linked = False

    def test_each_computes_a_field(self):
        """One that does not is left over from a field that was renamed."""
        left = []
        for model in self.env.values():
            # What a mixin computes is looked at in the models that inherit it: some
            # have the field with choices of their own.
            if model._abstract:
                continue
            used = {
                getattr(way, "__name__", way)
                for field in model._fields.values()
                for way in (field.compute, field.inverse, field.search)
            }
            for base in type(model).__mro__:
                if base.__module__.startswith("odoo.addons.octopus_connector."):
                    left += [
                        f"{base.__module__}: {name}"
                        for name in vars(base)
                        if name.startswith("_compute_") and name not in used
                    ]
        self.assertFalse(sorted(set(left)))
