"""The commands of ./dev, one module each; see devtools/main.py."""
