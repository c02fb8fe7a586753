import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {ListRenderer} from "@web/views/list/list_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/** What documents wait for, with what its figures mean above it. */
export class OctopusCausesRenderer extends ListRenderer {
    static template = "octopus_connector.CausesList";
}

/** The same on a telephone. */
export class OctopusCausesKanbanRenderer extends KanbanRenderer {
    static template = "octopus_connector.CausesKanban";
}

registry.category("views").add("octopus_causes", {
    ...listView,
    Renderer: OctopusCausesRenderer,
});
registry.category("views").add("octopus_causes_kanban", {
    ...kanbanView,
    Renderer: OctopusCausesKanbanRenderer,
});
