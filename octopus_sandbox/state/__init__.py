"""The books of the pretend Octopus: no HTTP, no SOAP, money in Decimal."""
