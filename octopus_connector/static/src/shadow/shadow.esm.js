import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

/**
 * Says on every screen that nothing is sent to Octopus: the lists of documents have no
 * place of their own for it.
 */
export class OctopusShadow extends Component {
    static template = "octopus_connector.Shadow";
    static props = {};

    setup() {
        this.action = useService("action");
        this.dossiers = session.octopus_shadow || [];
    }

    get names() {
        return this.dossiers.map(([, name]) => name).join(", ");
    }

    open() {
        this.action.doAction("octopus_connector.action_octopus_foreseen");
    }
}

registry.category("systray").add(
    "octopus_connector.Shadow",
    {
        Component: OctopusShadow,
        isDisplayed: () => Boolean((session.octopus_shadow || []).length),
    },
    {sequence: 50}
);
