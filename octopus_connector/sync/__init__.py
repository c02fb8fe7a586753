"""What Octopus has is read back: the mirror, the bookings of others, the matches."""
