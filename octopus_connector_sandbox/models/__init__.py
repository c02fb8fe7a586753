from . import ir_module_module
from . import octopus_sandbox
from . import octopus_connection
from . import octopus_dossier
from . import octopus_settings_mixin
from . import res_company
