import {registry} from "@web/core/registry";

// The public login of the pretend Octopus.
const LOGIN = {
    software_house: "0c7045a7-de30-4000-8000-000000000001",
    user_name: "odoo-link",
    password: "octopus-demo",
};
const tours = registry.category("web_tour.tours");

const click = (trigger) => ({trigger, run: "click"});
const see = (trigger) => ({trigger});
const step = (name) =>
    see(`.modal .o_statusbar_status .o_arrow_button_current[data-value=${name}]`);
const next = click(".modal footer button[name=action_next]");
const choose = (field, value) => [
    click(`.modal div[name=${field}] input[data-value=${value}]`),
    see(`.modal div[name=${field}] input[data-value=${value}]:checked`),
];
const line = (code, state) => see(`.modal li[data-code=${code}][data-state=${state}]`);

const login = [
    see("#octopus_enabled a.o_doc_link[href^='/octopus/manual/']"),
    click("#octopus_enabled button[name=action_octopus_setup]"),
    step("credentials"),
    see(".modal:contains('Which user?')"),
    ...Object.entries(LOGIN).map(([name, value]) => ({
        trigger: `.modal div[name=${name}] input`,
        run: `edit ${value}`,
    })),
    next,
    step("dossier"),
    see(".modal:contains('Login accepted')"),
];

// Octopus is empty: a journal is made from the check-list; contacts are no step.
tours.add("octopus_setup_octopus_empty", {
    steps: () => [
        ...login,
        ...choose("situation", "octopus_empty"),
        ...choose("trade", "sells"),
        next,
        step("checks"),
        line("journal_missing", "open"),
        see(".modal .o_octopus_checks:contains('Your accountant')"),
        click(".modal button[name=action_new_journal]"),
        see(".modal div[name=key]:contains('V1')"),
        click(".modal div[name=agreed] input"),
        click(".modal footer button[name=action_make]"),
        step("checks"),
        line("journal_there", "done"),
        see(".modal:not(:has(li[data-code=journal_missing]))"),
        click(".modal button[name=action_check_again]"),
        line("journal_there", "done"),
        next,
        step("journals"),
        see(".modal:not(:has(div[name=octopus_in_invoice_journal_id]))"),
        next,
        step("mappings"),
        next,
        step("start"),
        see(".modal:not(:has(.o_statusbar_status [data-value=contacts]))"),
    ],
});

// Odoo is empty: there is nothing to send yet, and the last step says so.
tours.add("octopus_setup_odoo_empty", {
    steps: () => [
        ...login,
        see(".modal div[name=situation] input[data-value=odoo_empty]:checked"),
        next,
        step("checks"),
        next,
        step("journals"),
        next,
        step("mappings"),
        next,
        step("contacts"),
        see(".modal:contains('Your customers and suppliers are in Octopus')"),
        next,
        step("start"),
        click(".modal button[name=action_first_document]"),
        see(".modal:contains('No document is ready')"),
    ],
});

// Both are filled: what is sure is accepted, who invoices is let in, one document goes.
tours.add("octopus_setup_both", {
    steps: () => [
        ...login,
        see(".modal div[name=situation] input[data-value=both]:checked"),
        next,
        step("checks"),
        line("accounts_there", "done"),
        next,
        step("journals"),
        next,
        step("mappings"),
        click(".modal button[name=action_accept_taxes]"),
        see(".modal:not(:has(button[name=action_accept_taxes]))"),
        click(".modal button[name=action_accept_accounts]"),
        see(".modal:not(:has(button[name=action_accept_accounts]))"),
        click(".modal button[name=action_open_accounts]"),
        click(".o_list_view .o_cp_action_menus button"),
        see(".o_octopus_manual"),
        click(".o_list_view .o_cp_action_menus button"),
        click("button[name=action_back_to_setup]"),
        step("mappings"),
        next,
        step("contacts"),
        see(".modal div[name=contact_count]:contains('1')"),
        next,
        step("start"),
        click(".modal button[name=action_let_them_send]"),
        see(".modal:not(:has(button[name=action_let_them_send]))"),
        click(".modal button[name=action_first_document]"),
        click(".o_data_row:contains('partner_a') td[name=name]"),
        click(".o_form_view button[name=action_octopus_send]"),
        see(".o_form_view:contains('Booked')"),
    ],
});
