"""Where the EU's VAT area ends, and how countries are called in VAT numbers."""

# Postal codes outside the EU's VAT area, of countries that are in it; and what
# is a country of its own in Odoo, with the country whose VAT numbers it uses.
OUTSIDE_VAT_AREA = {
    "DE": ("27498", "78266"),  # Heligoland, Büsingen
    "ES": ("35", "38", "51", "52"),  # Canary Islands, Ceuta, Melilla
    "FI": ("22",),  # Åland
    "FR": ("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"),
    "GR": ("63086", "630 86"),  # Mount Athos
    "IT": ("22061", "23030", "23041"),  # Campione, Livigno (old and new)
}
NUMBERS_OF = {
    **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT"), "FR"),
    "AX": "FI",
    "GR": "EL",
}
# Prefixes of VAT numbers that are no code of a country in Odoo.
COUNTRY_OF = {"EL": "GR", "XI": "GB"}
# Monaco is part of France for VAT.
MONACO = "MC"
