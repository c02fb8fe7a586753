import {registry} from "@web/core/registry";
import {words} from "./words.esm";

const click = (trigger) => ({trigger, run: "click"});
const see = (trigger) => ({trigger});
const period = ".o_data_row:contains('V1 / 20')";
const unequal = () =>
    words(
        "1 of 3 documents are not equal",
        "1 van 3 documenten zijn niet gelijk",
        "1 documents sur 3 ne sont pas égaux"
    );

// A bookkeeper looks at a month, solves what differs, and freezes it for the accountant.
registry.category("web_tour.tours").add("octopus_both_sides", {
    steps: () => [
        see(`${period} td[name=told]:contains('${unequal()}')`),
        click(`${period} td[name=name]`),
        see(`.o_form_view .alert-warning:contains('${unequal()}')`),
        see(".o_form_view div[name=codes_html] td:contains('21')"),
        click(".o_statusbar_buttons button[name=action_rows]"),
        see(
            `.o_list_view td[name=kind]:contains('${words("Other amount", "Ander bedrag", "Autre montant")}')`
        ),
        click(".o_list_view button[name=action_solve]"),
        see(".modal:contains('Octopus')"),
        click(".modal .btn-close"),
        see("body:not(:has(.modal))"),
        click(".o_back_button"),
        click(".o_statusbar_buttons button[name=action_freeze]"),
        see(`.o_form_view .alert-warning:contains('${unequal()}')`),
        see(
            `.o_form_view p:contains('${words("Nothing changed since", "Sindsdien veranderde er niets", "a changé depuis")}')`
        ),
        see(".o_form_view:not(:has(.alert-success:visible))"),
        see(".o_form_view div[name=fingerprint]"),
        see(".o_form_view div[name=pdf]"),
    ],
});
