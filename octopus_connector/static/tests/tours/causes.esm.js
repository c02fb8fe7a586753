import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const cause = ".o_data_row:contains('12 documents')";

// One choice on the row of a cause, and all twelve go.
tours.add("octopus_to_solve", {
    steps: () => [
        {trigger: ".o_octopus_causes_note:contains('counts under both')"},
        {trigger: `${cause}:contains('has no VAT code')`},
        {trigger: `${cause} td[name=vat_code_id]`, run: "click"},
        {trigger: ".o_selected_row td[name=vat_code_id] input", run: "edit 21"},
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('21')",
            run: "click",
        },
        {trigger: ".o_list_button_save", run: "click"},
        {trigger: ".o_data_row:contains('12 go now')"},
    ],
});

// From the pill of a draft to what is missing, and back; it is told anew when the draft
// is saved.
tours.add("octopus_pill", {
    steps: () => [
        {trigger: ".o_octopus_check:contains('2 points for Octopus')"},
        {trigger: ".o_field_widget[name=partner_id] input", run: "edit partner_a"},
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('partner_a')",
            run: "click",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_octopus_check:contains('1 point for Octopus')", run: "click"},
        {
            trigger: ".o_octopus_point[data-code=account_not_mapped] button",
            run: "click",
        },
        {trigger: ".modal [name=octopus_account_id] input", run: "edit 700000"},
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('700000')",
            run: "click",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_octopus_check[data-state=goes]"},
    ],
});
