"""What can happen, by who does it: office, workers, service, accountant, time."""
