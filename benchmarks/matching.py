"""Contacts of both sides: how well and how fast they are matched, and at which price.

Target: issue 15, *Contacts of both sides on one screen*. The 400 labelled pairs stand
among 5,000 contacts and 5,000 relations. Relations come from the pretend Octopus over
its own service, as the accountant's list does.
"""

import time

from odoo.addons.octopus_connector.prepare.matching import Matching
from odoo.addons.octopus_connector.sync.mirror import Mirror

from devtools.scenario.session import administrator

from .figures import Figure
from .labelled_pairs import fill, labelled

CONTACTS = RELATIONS = 5_000
MOST_SECONDS = 20
MOST_SECONDS_OF_A_SWITCH = 5
LEAST_PROPOSED = 95
PROPOSED = ("matched", "doubtful")


def measure(bench):
    """Yield time and calls of comparing, then how good the proposals are."""
    world = labelled()
    fill(world, CONTACTS, RELATIONS)
    keys = Lists(bench, world)
    keys.make()
    yield from _compare(bench, keys)
    yield from _judge(bench, world, keys)
    yield from _decide(bench)


class Lists:
    """The two lists of a world, here and there.

    :param bench: :class:`~benchmarks.bench.Bench`
    :param world: :class:`~benchmarks.labelled_pairs.World`
    """

    def __init__(self, bench, world):
        self.bench = bench
        self.world = world
        self.contacts = {}
        self.relations = {}

    def make(self):
        """Make the contacts in Odoo, the relations in Octopus."""
        with administrator(self.bench.registry) as env:
            quiet = {"tracking_disable": True, "no_vat_validation": True}
            partners = env["res.partner"].with_context(**quiet)
            countries = {it.code: it.id for it in env["res.country"].search([])}
            made = partners.create(
                [_contact(it, countries) for it in self.world.contacts]
            )
            keyed = zip(self.world.contacts, made.ids, strict=True)
            self.contacts = {it.key: id for it, id in keyed}
            banks = [
                {"acc_number": it.facts.iban, "partner_id": self.contacts[it.key]}
                for it in self.world.contacts
                if it.facts.iban
            ]
            env["res.partner.bank"].create(banks)
        every = self.world.relations
        numbers = self.bench.relations([_relation(it, self.contacts) for it in every])
        keyed = zip(every, numbers, strict=True)
        self.relations = {it.key: number for it, number in keyed}


def _contact(contact, countries):
    facts = contact.facts
    return {
        "name": facts.name,
        "is_company": contact.company,
        "vat": facts.vat or False,
        "company_registry": contact.registry or False,
        "street": facts.street,
        "zip": facts.zip,
        "city": facts.city,
        "email": facts.email,
        "country_id": countries[contact.country],
        "customer_rank": 1,
    }


def _relation(relation, contacts):
    """As somebody enters it in the program, which takes what the service refuses."""
    facts = relation.facts
    return {
        "name": facts.name,
        "first_name": facts.first_name,
        "vat_nr": facts.vat,
        "street_and_nr": facts.street,
        "postal_code": facts.zip,
        "city": facts.city,
        "country": relation.country or "  ",
        "vat_type": relation.vat_type,
        "external_id": contacts.get(relation.external_id, 0),
        "client": not relation.supplier,
        "supplier": relation.supplier,
    }


def _compare(bench, keys):
    with administrator(bench.registry) as env:
        env["octopus.call"].sudo().search([]).unlink()
        dossier = _matching(bench, env).dossier_id
        start = time.perf_counter()
        with dossier.client() as octopus:
            Mirror(dossier).relations(octopus)
        env.flush_all()
        seconds = time.perf_counter() - start
        # As each day, and with the link.
        yield Figure(f"reading {len(keys.relations)} relations", seconds, "seconds")
    with administrator(bench.registry) as env:
        matching = _matching(bench, env)
        start = time.perf_counter()
        # Read a moment ago: a second reading would be measured twice.
        matching.sudo().propose()
        env.flush_all()
        seconds = time.perf_counter() - start
    name = f"comparing {len(keys.contacts)} contacts with {len(keys.relations)}"
    yield Figure(name, seconds, "seconds", MOST_SECONDS)
    with administrator(bench.registry) as env:
        calls = dict(
            env["octopus.call"].sudo()._read_group([], ["operation"], ["__count"])
        )
        reads = calls.get("relations", 0) + calls.get("relations_modified", 0)
        yield Figure(f"{name}, with the reading", reads, "calls", 2)
        matching = _matching(bench, env)
        start = time.perf_counter()
        matching.sudo().propose()
        env.flush_all()
        seconds = time.perf_counter() - start
        yield Figure(f"{name}, again", seconds, "seconds", MOST_SECONDS)
        start = time.perf_counter()
        matching.by_vat = False
        env.flush_all()
        seconds = time.perf_counter() - start
        yield Figure(
            "switching a criterion", seconds, "seconds", MOST_SECONDS_OF_A_SWITCH
        )
        matching.by_vat = True
        yield from _similarity(env, matching)


def _similarity(env, matching):
    """What finding similar names alone takes, and how many pairs it looks at."""
    sides = Matching(matching.dossier_id)
    contacts, relations = sides.contacts(), sides.relations()
    start = time.perf_counter()
    pairs = sides.evidence(contacts, relations)
    yield Figure("what speaks for each pair", time.perf_counter() - start, "seconds")
    # Nothing is quadratic: a pair is looked at because both share something.
    most = 4 * (len(contacts) + len(relations))
    yield Figure("pairs that are looked at", len(pairs), "pairs", most)


def _judge(bench, world, keys):
    with administrator(bench.registry) as env:
        matching = _matching(bench, env)
        rows = env["octopus.matching.row"].search(
            [
                ("dossier_id", "=", matching.dossier_id.id),
                ("partner_id", "!=", False),
                ("relation_id", "!=", False),
            ]
        )
        places = {
            (row.partner_id.id, row.relation_id.octopus_id): row.found_on
            for row in rows
        }
    ids = {
        (keys.contacts[pair.contact], keys.relations[pair.relation]): pair
        for pair in world.pairs
    }
    right = {pair for pair, label in ids.items() if label.same}
    wrong = [
        pair
        for pair, place in places.items()
        if place == "matched" and pair not in right
    ]
    known = {pair for pair in right if ids[pair].shape != "filler"}
    proposed = sum(places.get(pair) in PROPOSED for pair in known)
    matched = sum(places.get(pair) == "matched" for pair in known)
    labels = sum(label.shape != "filler" for label in ids.values())
    yield Figure("labelled pairs", labels, "pairs", 400, at_least=True)
    yield Figure("wrong links that would be accepted together", len(wrong), "pairs", 0)
    share = 100 * proposed / len(known)
    name = "right pairs that are proposed"
    yield Figure(name, share, "%", LEAST_PROPOSED, at_least=True)
    yield Figure("right pairs that are matched", 100 * matched / len(known), "%")


def _decide(bench):
    """What accepting all, and opening a page of the list, takes."""
    with administrator(bench.registry) as env:
        matching = _matching(bench, env)
        count = matching.matched_count
        start = time.perf_counter()
        matching.action_accept_matched()
        env.flush_all()
        seconds = time.perf_counter() - start
        yield Figure(f"accepting {count} at once", seconds, "seconds", 120)
    with administrator(bench.registry) as env:
        matching = _matching(bench, env)
        rows = env["octopus.matching.row"]
        names = {"name_here": {}, "name_there": {}, "score": {}, "why": {}}
        shown = [
            ("dossier_id", "=", matching.dossier_id.id),
            ("found_on", "=", "there"),
        ]
        start = time.perf_counter()
        rows.web_search_read(shown, names, limit=80)
        yield Figure("a page of the list", time.perf_counter() - start, "seconds", 1)


def _matching(bench, env):
    company = env["res.company"].browse(bench.company_id)
    dossier = company.octopus_dossier()
    own = env["octopus.matching"].with_company(company)
    return own.of(dossier).sudo(False)
