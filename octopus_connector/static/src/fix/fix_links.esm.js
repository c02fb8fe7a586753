import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

/**
 * Return what opens where a link of the connector leads, as the action service takes
 * it.
 *
 * @param {string} pathname such as /odoo/octopus-vat-codes/12 or /odoo/res.partner/7
 * @returns {Array} request and options
 */
export function actionOf(pathname) {
    const [place, id] = pathname.split("/").slice(2);
    const resId = id ? Number(id) : false;
    if (place.includes(".") || place.startsWith("m-")) {
        const request = {
            type: "ir.actions.act_window",
            res_model: place.replace(/^m-/, ""),
            res_id: resId,
            views: [[false, resId ? "form" : "list"]],
        };
        return [request, {}];
    }
    return [place, resId ? {viewType: "form", props: {resId}} : {}];
}

// What can be mended opens in its place, with the way back in the breadcrumb: the
// viewer of Html fields would open it in a tab of its own, without menus.
registry.category("services").add("octopus_fix_links", {
    dependencies: ["action"],
    start(env, {action}) {
        const follow = (event) => {
            const link = event.target.closest?.("a.o_octopus_fix");
            const elsewhere = event.button || event.ctrlKey || event.metaKey;
            if (!link || elsewhere) {
                return;
            }
            event.preventDefault();
            event.stopPropagation();
            action.doAction(...actionOf(new URL(link.href).pathname));
        };
        browser.addEventListener("click", follow, {capture: true});
    },
});
