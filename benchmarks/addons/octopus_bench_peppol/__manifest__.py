{
    "name": "Peppol to a benchmark",
    "summary": "Lets account_peppol talk with the sink of a benchmark",
    "version": "19.0.1.0.0",
    "author": "Octopus Connector",
    "license": "LGPL-3",
    "category": "Hidden/Tests",
    "depends": ["account_peppol"],
}
