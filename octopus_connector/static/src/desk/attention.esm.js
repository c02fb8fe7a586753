import {DashboardKanbanRenderer} from "@account/views/account_dashboard_kanban/account_dashboard_kanban_renderer";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";

/** Says above Invoicing's own dashboard when a person must do something in Octopus. */
patch(DashboardKanbanRenderer.prototype, {
    setup() {
        super.setup();
        this.octopusAction = useService("action");
    },

    /**
     * @returns {number} what the overview counts for the user; the server tells it once,
     * with one of the journals
     */
    get octopusAttention() {
        const {groups, records} = this.props.list;
        const shown = groups ? groups.flatMap((it) => it.list.records) : records;
        const told = shown.map((it) => JSON.parse(it.data.kanban_dashboard || "{}"));
        return told.find((it) => it.octopus_attention)?.octopus_attention || 0;
    },

    openOctopus() {
        this.octopusAction.doAction("octopus_connector.action_octopus_desk");
    },
});
