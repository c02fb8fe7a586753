from . import account_edi_proxy_user
from . import ir_actions_report
