import {Component} from "@odoo/owl";
import {DocumentationLink} from "@web/views/widgets/documentation_link/documentation_link";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

const ADDRESS = "/octopus/manual/";

// The page of each screen; tests/models/test_manual.py follows these links.
const PAGES = {
    "octopus.account.mapping": "administrator#mappings",
    "octopus.accountant.link": "administrator#the-accountants-page",
    "octopus.accountant.question": "bookkeeper#ask-the-accountant",
    "octopus.balancing": "payments",
    "octopus.booking": "bookkeeper#after-sending",
    "octopus.bookyear": "first-day#bookyears",
    "octopus.cause": "bookkeeper#to-solve",
    "octopus.comparison": "bookkeeper#both-sides",
    "octopus.comparison.amount": "bookkeeper#both-sides",
    "octopus.comparison.proof": "bookkeeper#both-sides",
    "octopus.comparison.row": "bookkeeper#both-sides",
    "octopus.cost.centre.mapping": "administrator#cost-centres",
    "octopus.contact.change": "administrator#contacts-that-follow",
    "octopus.call": "administrator#when-something-is-wrong",
    "octopus.connection": "first-day#login",
    "octopus.dossier": "administrator",
    "octopus.journal.entry": "bookkeeper#already-in-octopus",
    "octopus.journal.mapping": "administrator#mappings",
    "octopus.matching": "first-day#contacts",
    "octopus.matching.row": "first-day#contacts",
    "octopus.payment": "payments#payments-to-octopus",
    "octopus.payment.plan": "payments",
    "octopus.payment.question": "payments#payments-to-decide",
    "octopus.rehearsal": "first-day#rehearse",
    "octopus.relation": "bookkeeper#contacts",
    "octopus.reopen": "bookkeeper#ask-the-accountant",
    "octopus.run": "administrator#time-and-size",
    "octopus.settings": "administrator#settings",
    "octopus.tax.mapping": "administrator#mappings",
};

/**
 * Pages of the manual lie on this server; Odoo takes an address without a server for
 * one of its own documentation.
 */
patch(DocumentationLink.prototype, {
    get url() {
        return this.props.path.startsWith(ADDRESS) ? this.props.path : super.url;
    },
});

/** Opens the page of the manual that is about this screen. */
export class OctopusManual extends Component {
    static template = "octopus_connector.Manual";
    static components = {DropdownItem};
    static props = {};

    open() {
        const page = PAGES[this.env.searchModel.resModel];
        window.open(ADDRESS + page, "_blank", "noopener");
    }
}

registry.category("cogMenu").add(
    "octopus-manual",
    {
        Component: OctopusManual,
        groupNumber: 10,
        isDisplayed: ({searchModel}) => Boolean(PAGES[searchModel?.resModel]),
    },
    {sequence: 90}
);
