"""What the addon shows to a client, read from the registry, and what the policy lacks.

Nothing here is listed by hand: a model, method or field that is added to the addon is
found by itself.
"""

import inspect

from odoo import models

ADDON = "octopus_connector"
PACKAGE = f"odoo.addons.{ADDON}."


def addon_models(env):
    """Return the names of the models that the addon makes or extends, abstract ones
    apart: those have no rows."""
    return {
        name
        for name, cls in env.registry.items()
        if not cls._abstract and _classes(cls)
    }


def own_models(env):
    """Return the names of the models that the addon makes."""
    return {
        name
        for name in addon_models(env)
        if env.registry[name]._original_module == ADDON
    }


def public_methods(env):
    """Return {model: names} of what a client can call that the addon defines.

    Methods that each model has (``create``, ``write``…) are left out: the rights on
    rows are about those.
    """
    found = {}
    # What is added to "base" can be called on every model.
    for name in {*addon_models(env), "base"}:
        cls = env.registry[name]
        names = {
            method
            for part in (_classes(cls) if name != "base" else _base_classes(cls))
            for method, function in vars(part).items()
            if inspect.isfunction(function)
            and not method.startswith("_")
            and not hasattr(models.BaseModel, method)
            and not _is_private(cls, method)
        }
        if names:
            found[name] = names
    return found


def added_fields(env, model):
    """Return the names of the fields that the addon adds to a model."""
    return sorted(
        field.name for field in env[model]._fields.values() if _is_added(field)
    )


def html_fields(env):
    """Return {model: names} of the Html fields that the addon adds."""
    return _fields(env, addon_models(env), lambda field: field.type == "html")


def unsanitized_fields(env):
    """Return {model: names} of the addon's fields that keep what they are given."""
    return _fields(
        env, addon_models(env), lambda field: not getattr(field, "sanitize", True)
    )


def stored_fields(env):
    """Return {model: names} of the stored fields that the addon adds to Odoo's
    models."""
    extended = {
        name
        for name in addon_models(env) - own_models(env)
        if not env.registry[name]._transient
    }
    return _fields(env, extended, lambda field: field.store)


def missing(env, policy):
    """Return what the policy does not name, or names though it is not there.

    :param policy: the module ``policy``, or something with the same names
    :return: sentences that say what to add or remove
    """
    stored = {
        name: policy.MACHINE_FIELDS.get(name, set()) | policy.SETTINGS.get(name, set())
        for name in {*policy.MACHINE_FIELDS, *policy.SETTINGS}
    }
    own = own_models(env)
    return [
        *_compare("MODELS", "model", own, set(policy.MODELS)),
        *_compare("EXTENDED", "model", addon_models(env) - own, set(policy.EXTENDED)),
        *_compare_each("METHODS", "method", public_methods(env), policy.METHODS),
        *_compare_each("HTML", "Html field", html_fields(env), policy.HTML),
        *_compare_each(
            "MACHINE_FIELDS or SETTINGS", "stored field", stored_fields(env), stored
        ),
    ]


def _classes(cls):
    """Return the addon's parts of a model; what it adds to all models is no part."""
    return [part for part in _parts(cls) if vars(part).get("_name") != "base"]


def _base_classes(cls):
    return [part for part in _parts(cls) if vars(part).get("_name") == "base"]


def _parts(cls):
    return [part for part in cls.__mro__ if part.__module__.startswith(PACKAGE)]


def _is_private(cls, method):
    return any(
        getattr(vars(part).get(method), "_api_private", False) for part in cls.__mro__
    )


def _fields(env, names, wanted):
    found = {}
    for name in names:
        fields = {
            field.name
            for field in env[name]._fields.values()
            if _is_added(field) and wanted(field)
        }
        if fields:
            found[name] = fields
    return found


def _is_added(field):
    """Whether the addon adds a field, to this model and not to one it delegates to."""
    return ADDON in field._modules and not field.inherited


def _compare(table, kind, there, named):
    return [
        *(
            f"{kind} {it} has no row: say in {table} of tests/security/policy.py who"
            " may do what with it"
            for it in sorted(there - named)
        ),
        *(
            f"{kind} {it} is not there any more: remove its row from {table} of"
            " tests/security/policy.py"
            for it in sorted(named - there)
        ),
    ]


def _compare_each(table, kind, there, named):
    def spelled(rows):
        return {f"{model}.{name}" for model, names in rows.items() for name in names}

    return _compare(table, kind, spelled(there), spelled(named))
