{
    "name": "Payments without an entry",
    "summary": "Says what Odoo's Enterprise says where it lets payments have no entry",
    "version": "19.0.1.0.0",
    "author": "Octopus Connector",
    "license": "LGPL-3",
    "category": "Hidden/Tests",
    "depends": ["account"],
}
