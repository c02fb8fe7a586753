from . import manual, oauth
