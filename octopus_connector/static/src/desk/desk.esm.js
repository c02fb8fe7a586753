import {Component, markup, onWillDestroy, onWillStart} from "@odoo/owl";
import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {_t} from "@web/core/l10n/translation";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

const CHANGED = "octopus.desk";
// A date without a time.
const DAY = 10;

/**
 * The numbers of a dossier, for each company that the user sees; each opens what it
 * counts. What is told, and in which order, is the server's.
 */
export class OctopusDeskField extends Component {
    static template = "octopus_connector.Desk";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get desk() {
        return this.props.record.data[this.props.name];
    }

    get problem() {
        return this.desk.problem && markup(this.desk.problem);
    }

    get blocks() {
        const {companies, numbers} = this.desk;
        const several = companies.length > 1;
        const blocks = companies.map((company) => ({
            ...company,
            name: several && company.name,
        }));
        if (!several && blocks.length) {
            return [{...blocks[0], numbers: [...blocks[0].numbers, ...numbers]}];
        }
        return [...blocks, {id: false, name: false, numbers}];
    }

    moment(text) {
        const read = text.length === DAY ? deserializeDate : deserializeDateTime;
        return read(text.slice(0, 19));
    }

    ago(text) {
        return text ? this.moment(text).toRelative() : "";
    }

    soon(text) {
        return this.moment(text) > luxon.DateTime.now() ? this.ago(text) : _t("now");
    }

    exactly(text) {
        const format = text.length === DAY ? "DATE_MED" : "DATETIME_MED";
        return this.moment(text).toLocaleString(luxon.DateTime[format]);
    }

    async open(number, companyId) {
        const {resId, resModel} = this.props.record;
        const asked = [[resId], number.key, companyId || false];
        const action = await this.orm.call(resModel, "action_desk", asked);
        await this.action.doAction(action);
    }

    async accept() {
        const {resId, resModel} = this.props.record;
        await this.action.doAction(
            await this.orm.call(resModel, "action_open_plans", [[resId]])
        );
    }

    async openRun(run) {
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "octopus.run",
            res_id: run.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("fields").add("octopus_desk", {
    component: OctopusDeskField,
    supportedTypes: ["json"],
});

/** Reads the overview anew while work goes on. */
export class OctopusDeskController extends KanbanController {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const reload = useDebounced(() => this.model.load(), 1000, {trailing: true});
        onWillStart(() => {
            bus.addChannel(CHANGED);
            bus.subscribe(CHANGED, reload);
        });
        onWillDestroy(() => {
            bus.unsubscribe(CHANGED, reload);
            bus.deleteChannel(CHANGED);
        });
    }
}

registry.category("views").add("octopus_desk", {
    ...kanbanView,
    Controller: OctopusDeskController,
});
