"""Who is told what needs a person."""

from __future__ import annotations


def people(env) -> tuple:
    """Return who may be told: users of Octopus, its administrators, and those of the
    system. Whoever asks about many dossiers asks for them once.

    :param env: any environment
    """
    groups = ("octopus_connector.group_user", "octopus_connector.group_manager")
    every = (env.ref(group) for group in (*groups, "base.group_system"))
    return tuple(group.sudo().all_user_ids for group in every)


def responsible_for(connection, companies=None, among=None):
    """Return the user who is told what needs a person, one who can be reached.

    The responsible of the connection, while that user works with Octopus in one of the
    companies; else an Octopus administrator of theirs; else an administrator of the
    system.

    :param connection: one ``octopus.connection``
    :param companies: ``res.company`` concerned; those of the connection's dossiers when
        left out
    :param among: :func:`people`, where they are known
    :return: one ``res.users``, in the environment of the connection
    """
    env, known = connection.env, connection.sudo()
    if companies is None:
        companies = known.dossier_ids.company_ids
    users, managers, system = among or people(env)
    for candidates in (known.responsible_id & users, managers.sorted("id")):
        found = candidates.filtered(
            lambda user: user.active and (not companies or user.company_ids & companies)
        )
        if found:
            return found[0].with_env(env)
    found = system.filtered("active").sorted("id")[:1]
    return (found or env.ref("base.user_admin")).with_env(env)


def responsible_of(dossier, among=None):
    """Return the user who is told what needs a person in a dossier.

    :param dossier: one ``octopus.dossier``
    :param among: :func:`people`, where they are known
    :return: one ``res.users``, in the environment of the dossier
    """
    known = dossier.sudo()
    user = responsible_for(known.connection_id, known.company_ids, among)
    return user.with_env(dossier.env)
