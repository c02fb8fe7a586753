"""Relations that only Octopus has, as new contacts: what one becomes, and making it."""

from __future__ import annotations

from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize

from ..core import codes
from ..core.find_relation import LEGAL_FORMS, VatNumber, words
from ..core.findings import Finding
from ..core.vat_area import COUNTRY_OF
from ..prepare.relations import PRIVATE
from .relations import relation_as_read

# So many contacts are made and linked together, and committed.
BATCH = 100
# Language of documents in Octopus (docs/octopus.md §10), as the first part of Odoo's.
LANGUAGES = {0: "nl", 1: "fr", 2: "en", 3: "de"}


class ContactImport:
    """Makes contacts of relations.

    :param env: of who asked for it; it may create contacts
    """

    def __init__(self, env):
        self.env = env
        self._countries = {
            country.code: country for country in env["res.country"].search([])
        }
        installed = env["res.lang"].get_installed()
        self._languages = {code[:2]: code for code, _name in reversed(installed)}

    def values(self, relation) -> dict:
        """Return the values of the contact that a relation becomes, as for ``create``.

        A VAT number that is none, or none of its country, is kept as a note.

        :param relation: ``octopus.relation`` in sudo
        """
        told = relation_as_read(relation)
        country = self._countries.get((relation.country_code or "").upper())
        vat = VatNumber.of(relation.vat_number, relation.country_code)
        valid = self._valid_number(vat, country)
        if valid and not country:
            country = self._countries.get(COUNTRY_OF.get(vat.country, vat.country))
        notes = [told.remarks]
        if relation.vat_number and not valid:
            notes.append(
                self.env._("VAT number in Octopus: %(vat)s", vat=relation.vat_number)
            )
        company = self._is_company(relation, told, valid)
        values = {
            "name": self._written_name(relation, company),
            "is_company": company,
            "vat": valid,
            "street": relation.street,
            "zip": relation.zip,
            "city": relation.city,
            "country_id": country.id if country else False,
            "phone": told.telephone or told.mobile,
            "email": email_normalize(relation.email or "") or False,
            "website": told.url,
            "lang": self._languages.get(LANGUAGES.get(told.language)),
            "comment": "\n".join(filter(None, notes)) or False,
            "customer_rank": int(relation.is_client),
            "supplier_rank": int(relation.is_supplier),
            "category_id": [(4, self._tag().id)],
        }
        return {name: value for name, value in values.items() if value}

    def _written_name(self, relation, company):
        """A person's first name goes first, as Odoo writes it."""
        first = relation.first_name_apart() if not company else None
        names = filter(None, (first, relation.name)) if first else ()
        return " ".join(names) or relation.full_name() or str(relation.octopus_id)

    def _is_company(self, relation, told, vat):
        # The type is often wrong (docs/octopus.md §10): other facts go first.
        if vat or told.corporation_type:
            return True
        if LEGAL_FORMS.intersection(words(relation.name)):
            return True
        if relation.vat_type in PRIVATE or relation.first_name_apart():
            return False
        return bool(relation.is_supplier and not relation.is_client)

    def _valid_number(self, vat, country):
        """Return a VAT number as Odoo accepts it, ``False`` when it does not."""
        if not vat or not vat.plausible:
            return False
        code = COUNTRY_OF.get(vat.country, vat.country)
        country = self._countries.get(code) or country
        if not country:
            return False
        number = f"{vat.country or country.code}{vat.body}"
        return self.env["res.partner"].octopus_checked_vat(number, country)

    def _tag(self):
        return self.env.ref("octopus_connector.category_octopus_import").sudo()

    def make(self, rows) -> int:
        """Create and link the contacts of rows; commits nothing.

        :param rows: ``octopus.matching.row`` in sudo, with a relation only; what got a
            contact meanwhile is left
        :return: how many were made
        """
        relations = rows.relation_id.try_lock_for_update(allow_referencing=True)
        relations.invalidate_recordset(["partner_id", "deleted"], flush=False)
        free = relations.filtered(lambda it: not it.partner_id and not it.deleted)
        free = rows.filtered(lambda row: row.relation_id in free)
        try:
            with self.env.cr.savepoint():
                made = self._make(free)
        except (UserError, ValueError) as error:
            made = self._one_by_one(free, error)
        rows.decision = False
        return made

    def _one_by_one(self, rows, error):
        """Make each by itself: one that Odoo refuses stops no other."""
        if len(rows) == 1:
            told = {"relation": rows.relation_id.display_name, "message": str(error)}
            mend = ("octopus.relation", rows.relation_id.ids)
            finding = Finding(codes.CONTACT_NOT_IMPORTED, told, *mend)
            rows.problem = finding.as_json()
            return 0
        return sum(self.make(row) for row in rows)

    def _make(self, rows):
        # Each is noted on the contact once, not field by field.
        quiet = {"tracking_disable": True, "mail_create_nosubscribe": True}
        contacts = self.env["res.partner"].with_context(**quiet)
        made = contacts.create([self.values(row.relation_id) for row in rows])
        banks = []
        for row, partner in zip(rows, made, strict=True):
            relation = row.relation_id
            relation.link_contact(partner.with_env(relation.env), "imported")
            row.write({"problem": False})
            if relation.iban:
                bank = {"acc_number": relation.iban, "partner_id": partner.id}
                banks.append(bank)
        self.env["res.partner.bank"].sudo().with_context(**quiet).create(banks)
        return len(made)


def counts_of(dossier, rows) -> dict[str, int]:
    """Return what an import of rows would add: companies, people, with a number.

    :param dossier: ``octopus.dossier``
    :param rows: ``octopus.matching.row`` in sudo
    :return: ``{"companies": 3, "people": 2, "numbers": 3}``
    """
    importer = ContactImport(dossier.env(su=True))
    values = [importer.values(row.relation_id) for row in rows]
    companies = sum(it.get("is_company", False) for it in values)
    return {
        "companies": companies,
        "people": len(values) - companies,
        "numbers": sum("vat" in it for it in values),
    }
