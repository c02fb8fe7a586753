"""What the addon tells at the corner of the screen, and to screens that are open."""

# What the bus carries of a notification.
TOLD = ("type", "title", "message", "sticky", "button")


def notification(kind, title, message, sticky=False, links=()):
    """Return the client action that tells something and shows the view anew.

    :param kind: ``info``, ``success``, ``warning`` or ``danger``
    :param title: in the user's language, and so is ``message``
    :param sticky: it stays until it is read
    :param links: of each ``%s`` of the message: ``{"label", "url"}``
    :return: action, as Odoo's web client has it
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": kind,
            "title": title,
            "message": message,
            "sticky": sticky,
            "links": list(links),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }


def with_button(told, name, opened):
    """Return a notification with a button to what it tells of.

    :param told: of :func:`notification`
    :param name: of the button, in the user's language
    :param opened: action that it opens, as Odoo's web client has it
    """
    button = {"name": name, "action": opened}
    params = {**told["params"], "button": button}
    return {**told, "tag": "octopus_notification", "params": params}


def with_more(told, text):
    """Return a notification without links that says something more.

    :param told: of :func:`notification`
    :param text: in the user's language; nothing is added where it is empty
    """
    message = " ".join(filter(None, (told["params"]["message"], text)))
    return {**told, "params": {**told["params"], "message": message}}


def tell_user(user, told):
    """Show a notification to somebody who waits for it, wherever they are by now.

    :param user: ``res.users``
    :param told: of :func:`notification`
    """
    params = {name: told["params"].get(name) for name in TOLD}
    user._bus_send("octopus_told", params)


def tell_changed(env):
    """Have the screens of everybody who uses Octopus read anew what they show: it
    changed in the background."""
    env.ref("octopus_connector.group_user")._bus_send("octopus_changed", {})
