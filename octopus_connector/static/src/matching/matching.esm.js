import {SearchModel} from "@web/search/search_model";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/**
 * A decision on a row shows the list anew, and with it the numbers of the groups: Odoo
 * keeps those that it read before.
 */
export class MatchingSearchModel extends SearchModel {
    _importState() {
        super._importState(...arguments);
        this.searchPanelInfo.loaded = false;
        this.searchPanelInfo.shouldReload = true;
    }
}

const SearchPanelAnew = {SearchModel: MatchingSearchModel};
registry
    .category("views")
    .add("octopus_matching_list", {...listView, ...SearchPanelAnew})
    .add("octopus_matching_kanban", {...kanbanView, ...SearchPanelAnew});
