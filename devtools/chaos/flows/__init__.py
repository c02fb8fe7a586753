"""What a schedule is about: one module each, the name of ``--flow``.

``ACTS``
    the :class:`~devtools.chaos.schedule.Act` values to draw from;
``ENTERPRISE_ACTS``
    more of them, perhaps, where Odoo is its Enterprise; what Community draws depends
    on none of these;
``prepare(world)``
    once, after the companies are linked;
``quiesce(world)``
    one round of what people and scheduled actions do when all is quiet; gives whether
    something may still move;
``judge(world, result)``
    hold both sides against each other and note what is wrong.
"""
