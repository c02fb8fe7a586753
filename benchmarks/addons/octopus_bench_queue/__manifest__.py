{
    "name": "Export of given bodies as jobs",
    "summary": "Lets queue_job carry what account_invoice_export sends",
    "version": "19.0.1.0.0",
    "author": "Octopus Connector",
    "license": "LGPL-3",
    "category": "Hidden/Tests",
    "depends": ["octopus_bench_oca", "queue_job"],
}
