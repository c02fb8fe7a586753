import {Component} from "@odoo/owl";
import {DocumentationLink} from "@web/views/widgets/documentation_link/documentation_link";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

const FOLDER = "/octopus_connector/static/manual/";

// The page of each screen; tests/models/test_manual.py follows these links.
const PAGES = {
    "octopus.account.mapping": "administrator.html#mappings",
    "octopus.balancing": "payments.html",
    "octopus.booking": "bookkeeper.html#after-sending",
    "octopus.bookyear": "first-day.html#bookyears",
    "octopus.contact.change": "administrator.html#contacts-that-follow",
    "octopus.call": "administrator.html#when-something-is-wrong",
    "octopus.connection": "first-day.html#login",
    "octopus.dossier": "administrator.html",
    "octopus.journal.entry": "bookkeeper.html#already-in-octopus",
    "octopus.journal.mapping": "administrator.html#mappings",
    "octopus.matching": "first-day.html#contacts",
    "octopus.matching.row": "first-day.html#contacts",
    "octopus.payment": "payments.html#payments-to-octopus",
    "octopus.payment.plan": "payments.html",
    "octopus.payment.question": "payments.html#payments-to-decide",
    "octopus.rehearsal": "first-day.html#rehearse",
    "octopus.relation": "bookkeeper.html#contacts",
    "octopus.run": "administrator.html#time-and-size",
    "octopus.settings": "administrator.html#settings",
    "octopus.tax.mapping": "administrator.html#mappings",
};

/**
 * Pages of the manual lie on this server; Odoo takes an address without a server for
 * one of its own documentation.
 */
patch(DocumentationLink.prototype, {
    get url() {
        return this.props.path.startsWith(FOLDER) ? this.props.path : super.url;
    },
});

/** Opens the page of the manual that is about this screen. */
export class OctopusManual extends Component {
    static template = "octopus_connector.Manual";
    static components = {DropdownItem};
    static props = {};

    open() {
        const page = PAGES[this.env.searchModel.resModel];
        window.open(FOLDER + page, "_blank", "noopener");
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
