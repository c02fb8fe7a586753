import {user} from "@web/core/user";

/**
 * The words of a screen in the language of who looks at it.
 *
 * @param {string} english of the source
 * @param {string} dutch as translated, and so is french
 * @param {string} french
 * @returns {string}
 */
export function words(english, dutch, french) {
    return {nl: dutch, fr: french}[user.lang.slice(0, 2)] || english;
}
