"""A document that somebody asked for is told apart from one that nobody sent yet."""


def migrate(cr, _version):
    cr.execute(
        """
        UPDATE account_move AS move SET octopus_state = 'queued'
          FROM octopus_booking AS booking
         WHERE booking.id = move.octopus_booking_id
           AND booking.state = 'ready' AND booking.queued
           AND move.octopus_state = 'ready'
        """
    )
