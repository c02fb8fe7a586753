"""From a document in Odoo to the booking Octopus gets, and what stands in its way."""

from .document import DocumentBuilder
from .prepared import PreparedDocument
