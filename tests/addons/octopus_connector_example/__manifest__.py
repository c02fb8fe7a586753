{
    "name": "Octopus Connector: Example of Another Addon",
    "summary": "Overrides each hook of docs/extending.md; installed in tests only",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "octopus_connector",
    "depends": ["octopus_connector"],
    "data": ["security/ir.model.access.csv"],
}
