import {BadgeField, badgeField} from "@web/views/fields/badge/badge_field";
import {CharField, charField} from "@web/views/fields/char/char_field";
import {registry} from "@web/core/registry";

/**
 * A state as a badge, with the reason beside it as an icon: a column of reasons would
 * leave no room for anything else in a list.
 *
 * Option `reason`: the field that tells it.
 */
export class OctopusState extends BadgeField {
    static template = "octopus_connector.State";
    static props = {...BadgeField.props, reason: String};

    get reason() {
        return this.props.record.data[this.props.reason] || "";
    }
}

registry.category("fields").add("octopus_state", {
    ...badgeField,
    component: OctopusState,
    supportedTypes: ["selection"],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...badgeField.extractProps(fieldInfo, dynamicInfo),
        reason: fieldInfo.options.reason,
    }),
    fieldDependencies: ({options}) => [{name: options.reason, type: "char"}],
});

/**
 * The number of a booking as short as one says it, V1/74; with its bookyear, V1 / 2026
 * / 74, where the mouse is.
 */
export class OctopusNumber extends CharField {
    static template = "octopus_connector.Number";

    get full() {
        return this.props.record.data[this.props.name] || "";
    }

    get short() {
        const parts = this.full.split(" / ");
        return parts.length === 3 ? `${parts[0]}/${parts[2]}` : this.full;
    }
}

registry.category("fields").add("octopus_number", {
    ...charField,
    component: OctopusNumber,
});
