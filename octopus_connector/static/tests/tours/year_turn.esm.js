import {registry} from "@web/core/registry";

const CARD = ".o_octopus_year_turn .o_kanban_record:contains('Demo Brussel')";
const click = (trigger) => ({trigger, run: "click"});
const see = (trigger) => ({trigger});
const line = (code, state) => see(`${CARD} li[data-code=${code}][data-state=${state}]`);

// The next bookyear is missing: it is made from the page, which becomes green.
registry.category("web_tour.tours").add("octopus_year_turn", {
    steps: () => [
        see(`${CARD} .alert-warning`),
        line("turn_bookyear_missing", "open"),
        see(`${CARD} a[href*='first-day#bookyears']`),
        click(`${CARD} button[name=action_turn_new_bookyear]`),
        click(".modal div[name=agreed] input"),
        click(".modal footer button[name=action_make]"),
        see("body:not(:has(.modal))"),
        line("turn_bookyear_there", "done"),
        line("turn_journal_there", "done"),
        see(`${CARD}:not(:has(button[name=action_turn_new_bookyear]))`),
        click(`${CARD} button[name=action_turn_check_again]`),
        line("turn_accounts_there", "done"),
        see(`${CARD} .alert-success`),
    ],
});
