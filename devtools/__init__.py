"""What ./dev is made of. Standard library only: it builds its own environment."""
