"""What a new world holds."""
