{
    "name": "Export of given bodies",
    "summary": "Lets account_invoice_export send what a benchmark gives it",
    "version": "19.0.1.0.0",
    "author": "Octopus Connector",
    "license": "LGPL-3",
    "category": "Hidden/Tests",
    "depends": ["account_invoice_export"],
}
