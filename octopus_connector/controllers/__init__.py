from . import accountant
from . import oauth
