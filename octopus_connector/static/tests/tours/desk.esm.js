import {registry} from "@web/core/registry";
import {words} from "./words.esm";

const tours = registry.category("web_tour.tours");
const click = (trigger) => ({trigger, run: "click"});
const see = (trigger) => ({trigger});
const back = click(".o_breadcrumb .o_back_button a");
const number = (key, count) =>
    `.o_octopus_desk a[data-key=${key}]:has(span:first-child:contains(/^${count}$/))`;

tours.add("octopus_desk", {
    steps: () => [
        // The first page under the menu of Octopus.
        click(".o_menu_sections button:contains('Octopus')"),
        click(
            ".o-dropdown--menu a[data-menu-xmlid='octopus_connector.menu_octopus_desk']"
        ),
        see(number("sent_today", 1)),
        see(number("waits_for_accountant", 1)),
        // Each number opens exactly its documents.
        click(number("waits_for_me", 2)),
        see(
            `.o_last_breadcrumb_item:contains('${words("Wait for you", "Wachten op jou", "Vous attendent")}')`
        ),
        see(".o_list_view .o_group_header"),
        back,
        // One run, which is the same for who asks again.
        click(".o_octopus_desk button[name=action_synchronise]"),
        see(".o_notification a[href*='/odoo/octopus-runs/']"),
        click(
            `.o_octopus_desk_numbers a:contains('${words("Contacts are looked at", "Contacten worden nagekeken", "Les contacts sont examinés")}')`
        ),
        see(
            `.o_form_view h1:contains('${words("Synchronise", "Synchroniseren", "Synchroniser")}')`
        ),
        back,
        // By kind and period.
        click(".o_octopus_desk button[name=action_send_documents]"),
        see(
            `.modal div[name=out_invoice_told]:contains('${words("2 documents", "2 documenten", "2 documents")}')`
        ),
        click(".modal button[name=action_send]"),
        see(number("on_their_way", 2)),
    ],
});

tours.add("octopus_dashboard", {
    steps: () => [
        see(".o_octopus_attention:contains('2 documents and payments wait for you')"),
        see(".o_octopus_card:contains('not in Octopus')"),
        click(".o_octopus_card a:contains('blocked')"),
        see(".o_list_view .o_data_row"),
        back,
        click(".o_octopus_attention a"),
        see(number("waits_for_me", 2)),
    ],
});
