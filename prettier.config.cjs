// As the OCA formats Odoo's XML: the text of a view keeps its white space.
module.exports = {
    // By its path: the hook's packages do not lie beside this file.
    plugins: [require.resolve("@prettier/plugin-xml")],
    bracketSpacing: false,
    printWidth: 88,
    semi: true,
    trailingComma: "es5",
    xmlWhitespaceSensitivity: "preserve",
    overrides: [{files: ["*.xml", "*.js", "*.cjs"], options: {tabWidth: 4}}],
};
