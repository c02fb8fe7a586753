"""What the addon tells at the corner of the screen."""


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
