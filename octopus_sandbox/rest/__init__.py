"""The REST door: JSON over HTTP, held against the contract."""
