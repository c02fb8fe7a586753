from . import account_intrastat
from . import account_move
from . import account_move_line
from . import octopus_balancing
from . import octopus_booking
from . import octopus_example_entry
from . import res_partner
