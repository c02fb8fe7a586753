"""The older door: Octopus over SOAP, on the same books (api.md §3)."""
