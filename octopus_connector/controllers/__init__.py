from . import accountant
from . import manual
from . import oauth
