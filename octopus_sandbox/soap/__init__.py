"""The older door: Octopus over SOAP, on the same books (docs/octopus.md §7)."""
