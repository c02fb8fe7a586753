from . import accountant
