import {FormController} from "@web/views/form/form_controller";
import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";
import {useBus} from "@web/core/utils/hooks";
import {onMounted, onPatched, status, useExternalListener} from "@odoo/owl";

export const CHANGED = "OCTOPUS:CHANGED";
const OF_ODOO = ["account.move", "account.payment"];
// A run tells of every few documents; a screen is read anew no sooner than after so
// many ms.
const REST = 3000;

/**
 * Tell something at the corner of the screen, with a button to what it is about.
 *
 * @param {object} env of the web client
 * @param {object} told what `notification.py` makes
 */
function tell(env, told) {
    const {button, message, sticky, title, type} = told;
    const open = () => env.services.action.doAction(button.action);
    const buttons = button ? [{name: button.name, onClick: open}] : [];
    env.services.notification.add(message, {buttons, sticky, title, type});
}

registry.category("actions").add("octopus_notification", (env, {params}) => {
    tell(env, params);
    return params.next;
});

registry.category("services").add("octopus_live", {
    dependencies: ["action", "bus_service", "notification"],
    start(env, {bus_service: bus}) {
        bus.subscribe("octopus_told", (told) => tell(env, told));
        bus.subscribe("octopus_changed", () => env.bus.trigger(CHANGED));
        bus.start();
    },
});

// A field in which somebody types.
const FIELDS = ["input:not([type=checkbox])", "textarea", "[contenteditable=true]"];
const TYPED_IN = FIELDS.map((field) => `.o_content ${field}`).join();

/**
 * Whether reading a screen anew would take something from who works on it: what is
 * typed, or ticked. Of a field in which somebody types nothing is asked: that would take
 * what is half typed for what is meant.
 *
 * @param {object} root of a model of a view
 */
async function isAtWork(root) {
    if (document.activeElement?.matches(TYPED_IN)) {
        return true;
    }
    if (root.isDirty) {
        return root.isNew || (await root.isDirty());
    }
    return Boolean(root.editedRecord || root.selection?.length);
}

/**
 * Read the records of a screen anew when something became of them in the background;
 * one that nobody looks at, that is still being read or that somebody works on, when
 * that is over.
 *
 * @param {object} controller of a view, in its setup
 */
function useOctopusChanges(controller) {
    const {resModel} = controller.props;
    if (!OF_ODOO.includes(resModel) && !resModel?.startsWith("octopus.")) {
        return;
    }
    let due = false,
        last = 0,
        timer = 0;
    const isSeen = () =>
        status(controller) === "mounted" &&
        !document.hidden &&
        !controller.env.inDialog;
    const look = async () => {
        timer = 0;
        const {model} = controller;
        if (due && isSeen() && model.isReady && !(await isAtWork(model.root))) {
            due = false;
            last = Date.now();
            await model.root.load();
        }
    };
    const soon = (rest = 0) => {
        const delay = Math.max(last + REST - Date.now(), rest);
        timer = timer || browser.setTimeout(look, delay);
    };
    useBus(controller.env.bus, CHANGED, () => {
        due = true;
        soon();
    });
    useExternalListener(document, "visibilitychange", () => due && soon());
    onMounted(() => due && soon());
    // What is ticked, edited or saved shows at once; who types on is left in peace.
    onPatched(() => due && soon(REST));
}

for (const Controller of [FormController, KanbanController, ListController]) {
    patch(Controller.prototype, {
        setup() {
            super.setup(...arguments);
            useOctopusChanges(this);
        },
    });
}
