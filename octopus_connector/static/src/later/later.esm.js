import {Component, markup, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {useService} from "@web/core/utils/hooks";

/**
 * Return a value of a form, a record or a day, as the server takes it.
 *
 * @param {object|luxon.DateTime|false} value
 * @returns {number|string|false}
 */
function asSent(value) {
    return value?.toISODate?.() || value?.id || false;
}

/**
 * Tells what takes long to find out, when somebody looks at its place on a form: most
 * who open an invoice, or the settings, look elsewhere. It is asked anew whenever the
 * form is read anew.
 *
 * Attributes: `field` is the one that is told, HTML; `kind` the kind of alert; `ready`
 * a field that says whether nothing stands in the way, told as `string`, where `state`
 * is empty; `given` what of an unsaved form it depends on, with commas.
 */
export class OctopusLater extends Component {
    static template = "octopus_connector.Later";
    static props = {
        ...standardWidgetProps,
        field: String,
        given: {type: Array, element: String},
        kind: {type: String, optional: true},
        label: {type: String, optional: true},
        ready: {type: String, optional: true},
        state: {type: String, optional: true},
    };
    static defaultProps = {kind: "info"};

    setup() {
        this.orm = useService("orm");
        this.told = useState({html: "", isReady: false});
        this.keepLast = new KeepLast();
        // The form does not wait for it.
        useRecordObserver((record) => {
            this.ask(record);
        });
    }

    async ask(record) {
        const values = await this.keepLast.add(this.read(record));
        const html = values[this.props.field];
        this.told.html = html ? markup(html) : "";
        this.told.isReady = Boolean(values[this.props.ready]);
    }

    get isReady() {
        return this.told.isReady && !this.props.record.data[this.props.state];
    }

    /**
     * Return the values of a saved record, or of a form as it stands.
     *
     * @param {object} record
     * @returns {object}
     */
    async read(record) {
        const {context, data, resId, resModel} = record;
        const names = [this.props.field, this.props.ready].filter(Boolean);
        if (resId) {
            const [values] = await this.orm.read(resModel, [resId], names, {context});
            return values || {};
        }
        if (!this.props.given.length) {
            return {};
        }
        // What is not on the form has its default.
        const given = this.props.given.filter((name) => name in data);
        const values = given.map((name) => [name, asSent(data[name])]);
        const asked = [...names, ...this.props.given].map((name) => [name, {}]);
        const {value} = await this.orm.call(
            resModel,
            "onchange",
            [[], Object.fromEntries(values), [], Object.fromEntries(asked)],
            {context}
        );
        return value;
    }
}

registry.category("view_widgets").add("octopus_later", {
    component: OctopusLater,
    extractProps: ({attrs}) => ({
        field: attrs.field,
        given: attrs.given ? attrs.given.split(",") : [],
        kind: attrs.kind,
        label: attrs.string,
        ready: attrs.ready,
        state: attrs.state,
    }),
});
