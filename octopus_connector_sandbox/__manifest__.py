{
    "name": "Octopus Connector: Try it",
    "summary": "Try the whole way with a pretend Octopus, without an accountant",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Octopus Connector Founders",
    "license": "LGPL-3",
    "depends": ["octopus_connector"],
    "data": [
        "security/ir.model.access.csv",
        "security/octopus_sandbox_security.xml",
        "wizard/octopus_test_mode_views.xml",
        "wizard/octopus_setup_views.xml",
        "views/octopus_connection_views.xml",
        "views/octopus_dossier_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["octopus_connector_sandbox/static/tests/tours/**/*"],
    },
}
