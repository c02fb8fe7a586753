"""The addon held against the policy, with real rows and real people.

One class, because its set-up takes longer than all of its checks.
"""

from .field_checks import FieldChecks
from .html_checks import HtmlChecks
from .matrix_case import MatrixCase
from .method_checks import MethodChecks
from .row_checks import RowChecks


class TestMatrix(RowChecks, MethodChecks, FieldChecks, HtmlChecks, MatrixCase):
    """The checks of rows, methods and fields."""
