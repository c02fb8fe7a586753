{
    "name": "Octopus Connector",
    "summary": "Invoices, bills and payments between Odoo and Octopus",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Octopus Connector Founders",
    "license": "LGPL-3",
    "depends": ["account", "account_edi_ubl_cii", "base_vat"],
    "external_dependencies": {"python": ["requests", "zeep"]},
    "data": [
        "security/octopus_security.xml",
        "security/ir.model.access.csv",
        "wizard/octopus_booking_preview_views.xml",
        "views/menus.xml",
    ],
}
