from . import octopus_setup
from . import octopus_test_mode
