// Odoo loads every file below static/ as a module of its own kind, with Owl and
// luxon as globals.
const globals = require("globals");
const jsdoc = require("eslint-plugin-jsdoc");

const rules = {
    "array-callback-return": "error",
    "consistent-return": "error",
    curly: "error",
    "dot-notation": "error",
    eqeqeq: ["error", "always", {null: "ignore"}],
    "no-alert": "error",
    "no-console": ["error", {allow: ["warn", "error"]}],
    "no-const-assign": "error",
    "no-debugger": "error",
    "no-dupe-keys": "error",
    "no-else-return": "error",
    "no-eval": "error",
    "no-implied-eval": "error",
    "no-shadow": "error",
    "no-undef": "error",
    "no-unreachable": "error",
    "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
    "no-use-before-define": "error",
    "no-var": "error",
    "prefer-const": "error",
    "valid-typeof": "error",
    "jsdoc/check-param-names": "error",
    "jsdoc/check-tag-names": "error",
    "jsdoc/check-types": "error",
};

module.exports = [
    {ignores: ["**/lib/**", "**/node_modules/**"]},
    {
        files: ["**/*.js"],
        plugins: {jsdoc},
        languageOptions: {
            ecmaVersion: "latest",
            sourceType: "module",
            globals: {...globals.browser, luxon: "readonly", odoo: "readonly"},
        },
        rules,
    },
    {
        files: ["**/*.cjs"],
        languageOptions: {sourceType: "commonjs", globals: globals.node},
        rules: {"no-undef": "error", "no-unused-vars": "error"},
    },
];
