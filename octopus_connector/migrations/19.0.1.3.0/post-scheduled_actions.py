"""Sending is woken by what is due instead of looking every ten minutes, and the
dossiers of an office are not all read in the same minute.

What somebody chose for a scheduled action stays: only intervals and priorities that are
those of the former version change.
"""

# Multiples of it, without their whole part, are spread evenly (``sync.scheduled``).
PUSH = """
    UPDATE ir_cron AS cron
       SET interval_number = 1, interval_type = 'days',
           nextcall = now() AT TIME ZONE 'UTC'
                      + (dossier.id * 0.6180339887 % 1) * interval '1 day'
      FROM octopus_dossier AS dossier
     WHERE cron.id = dossier.push_cron_id
       AND cron.interval_number = 10 AND cron.interval_type = 'minutes'
"""
PULL = """
    UPDATE ir_cron AS cron
       SET nextcall = now() AT TIME ZONE 'UTC'
                      + (dossier.id * 0.6180339887 % 1) * interval '1 hour'
      FROM octopus_dossier AS dossier
     WHERE cron.id = dossier.pull_cron_id
       AND cron.interval_number = 1 AND cron.interval_type = 'hours'
"""
# Whoever sends goes before what only reads, and both behind other modules.
PRIORITIES = """
    UPDATE ir_cron AS cron SET priority = chosen.priority
      FROM octopus_dossier AS dossier,
           LATERAL (VALUES (dossier.push_cron_id, 10), (dossier.pull_cron_id, 20),
                           (dossier.refresh_cron_id, 30)) AS chosen (id, priority)
     WHERE cron.id = chosen.id AND cron.priority = 5
"""


def migrate(cr, _version):
    for statement in (PUSH, PULL, PRIORITIES):
        cr.execute(statement)
