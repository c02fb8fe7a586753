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

const acceptSure = (kinds) => [
    click(`.modal button[name=action_accept_${kinds}]`),
    see(`.modal:not(:has(button[name=action_accept_${kinds}]))`),
];

tours.add("octopus_connect", {
    steps: () => [
        click("#octopus_enabled button[name=action_octopus_setup]"),
        step("credentials"),
        ...Object.entries(LOGIN).map(([name, value]) => ({
            trigger: `.modal div[name=${name}] input`,
            run: `edit ${value}`,
        })),
        next,
        step("dossier"),
        see(".modal div[name=dossier_id] input:value('Demo Brussel BV')"),
        next,
        step("checks"),
        see(".modal li[data-code=bookyear_now][data-state=done]"),
        next,
        step("journals"),
        next,
        step("mappings"),
        ...acceptSure("taxes"),
        ...acceptSure("accounts"),
        click(".modal button[name=action_open_accounts]"),
        see(".o_list_view td[name=octopus_account_id]"),
        click("button[name=action_back_to_setup]"),
        step("mappings"),
        next,
        step("contacts"),
        next,
        step("start"),
    ],
});

const row = ".o_data_row:contains('INV/')";

tours.add("octopus_send", {
    steps: () => [
        click(`${row} .o_list_record_selector input`),
        click("button[name=action_octopus_send]"),
        see(`${row} td[name=octopus_state]:contains('In Octopus')`),
        see(`${row} td[name=octopus_number]:contains('V1')`),
    ],
});

tours.add("octopus_paid", {
    steps: () => [
        see(`${row} td[name=status_in_payment]:not(:contains('Paid'))`),
        click(`${row} .o_list_record_selector input`),
        click("button[name=action_octopus_check_payments]"),
        see(".o_notification:contains('wait for a person')"),
        click("button[data-menu-xmlid='octopus_connector.menu_octopus']"),
        click("[data-menu-xmlid='octopus_connector.menu_octopus_payment_plan']"),
        click(".o_data_row:contains('To accept') td[name=dossier_id]"),
        see(".o_form_view td[name=proposal_text]:contains('Pay')"),
        click(".o_form_view button[name=action_accept]"),
        click(".modal footer .btn-primary"),
        see(".o_notification:contains('Payments: 1')"),
        see(".o_form_view .o_arrow_button_current[data-value=accepted]"),
    ],
});

tours.add("octopus_to_decide", {
    steps: () => [
        see(".o_data_row:contains('writes off') button[name=action_write_off]"),
        click(
            ".o_data_row:contains('matched with nothing') button[name=action_ignore]"
        ),
        {
            trigger: ".modal div[name=reason] input",
            run: "edit Paid back next week",
        },
        click(".modal footer button[name=action_ignore]"),
        see(".o_list_view:not(:contains('matched with nothing'))"),
        click(".o_data_row:contains('writes off') button[name=action_write_off]"),
        see(".o_view_nocontent:contains('Nothing to decide')"),
    ],
});

const foundFor = (contact) => `.o_data_row:contains('${contact}')`;

tours.add("octopus_found", {
    steps: () => [
        see(`${foundFor("partner_a")} td[name=told]:contains('121.00')`),
        click(`${foundFor("partner_b")} button[name=action_other_payment]`),
        see(`${foundFor("partner_b")}:not(:has(button[name=action_adopt]))`),
        click(`${foundFor("partner_a")} button[name=action_adopt]`),
        see(".o_notification:contains('In Octopus: F1')"),
        see(`${foundFor("partner_a")} td[name=match_state]:contains('Matched')`),
    ],
});
