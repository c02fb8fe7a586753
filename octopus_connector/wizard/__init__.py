from . import base_partner_merge_automatic_wizard
from . import octopus_booking_preview
from . import octopus_booking_preview_line
from . import octopus_disconnect
from . import octopus_exclude
from . import octopus_setup
from . import octopus_support
