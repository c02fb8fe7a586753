import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const click = (trigger) => ({trigger, run: "click"});
const see = (trigger) => ({trigger});
// Odoo loads anew: another company is chosen by then.
const leave = (trigger) => ({trigger, run: "click", expectUnloadPage: true});

tours.add("octopus_try_it_start", {
    steps: () => [
        see(".o_form_view p:contains('A test company is made')"),
        // A company of this copy: the chart of a new one takes longer than a tour.
        {trigger: "div[name=company_id] input", run: "edit Test of a copy"},
        click(".o-autocomplete--dropdown-item:contains('Test of a copy')"),
        see(".o_form_view:not(:has(p:contains('A test company is made')))"),
        leave("button[name=action_start]"),
        see(".o_form_view .alert:contains('Test mode is on')"),
        see(".o_menu_systray:contains('Test of a copy')"),
        see(".o_form_view:not(:has(button[name=action_enter]))"),
        click("button[name=action_setup]"),
        see(".modal .alert:contains('a pretend Octopus answers')"),
        see(".modal div[name=user_name] input:value('odoo-link')"),
        click(".modal .btn-close"),
        see(".o_form_view button[name=action_accountant]"),
    ],
});

tours.add("octopus_try_it_send", {
    steps: () => [
        // A new browser is in the user's own company.
        leave("button[name=action_enter]"),
        click("button[name=action_documents]"),
        click(".o_data_row:contains('partner_a') .o_list_record_selector input"),
        click("button[name=action_octopus_send]"),
        see(".o_data_row td[name=octopus_state]:contains('In Octopus')"),
    ],
});

tours.add("octopus_try_it_end", {
    steps: () => [
        click("button[name=action_end]"),
        leave(".modal footer .btn-primary"),
        see(".o_form_view button[name=action_start]"),
        see(".o_form_view:not(:has(.alert:contains('Test mode is on')))"),
    ],
});
