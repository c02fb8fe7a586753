import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {KeepLast} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useDropdownState} from "@web/core/dropdown/dropdown_hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

const STYLES = {
    goes: "text-bg-success",
    stops: "text-bg-danger",
    out: "text-bg-secondary",
};

/**
 * Says on the form of a document, while it is still a draft, whether it would pass in
 * Octopus: how many things stand in the way, and what leads to the place where each is
 * mended. It is asked in a request of its own, and again whenever the form is read anew.
 */
export class OctopusCheck extends Component {
    static template = "octopus_connector.Check";
    static components = {Dropdown};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dropdown = useDropdownState();
        this.told = useState({check: false});
        this.keepLast = new KeepLast();
        // The form does not wait for it.
        useRecordObserver((record) => {
            this.ask(record);
        });
    }

    async ask(record) {
        this.told.check = await this.keepLast.add(this.read(record));
    }

    /**
     * Return what the server says of a saved document. The data of the form are new
     * when it was saved or read: whoever looks at them is called again then.
     *
     * @param {object} record
     * @returns {object}
     */
    async read(record) {
        const {context, data, resId, resModel} = record;
        if (!resId || !data) {
            return false;
        }
        const names = ["octopus_check"];
        const [values] = await this.orm.read(resModel, [resId], names, {context});
        return values?.octopus_check || false;
    }

    get style() {
        return STYLES[this.told.check.state];
    }

    get label() {
        const {state, stops} = this.told.check;
        if (state === "out") {
            return _t("Stays out of Octopus");
        }
        if (state === "goes") {
            return _t("Ready for Octopus");
        }
        return stops === 1
            ? _t("1 point for Octopus")
            : _t("%s points for Octopus", stops);
    }

    fix(point) {
        this.dropdown.close();
        const onClose = () => this.ask(this.props.record);
        return this.action.doAction(point.action, {onClose});
    }
}

registry.category("view_widgets").add("octopus_check", {component: OctopusCheck});
