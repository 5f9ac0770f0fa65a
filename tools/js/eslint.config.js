// What ESLint looks for in the project's own JavaScript. Run from the repository's root: `make lint-js`.

import js from "@eslint/js";

export default [
  { ignores: ["formcheck/app/live/vendor/**"] },
  js.configs.recommended,
  {
    files: ["formcheck/app/**/*.js", "tools/js/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off", // the TypeScript compiler knows every name, those of the browser too
      "default-case-last": "error",
      eqeqeq: "error",
      "max-lines": ["error", 450], // as for Python: tests/architecture/test_house_rules.py
      "max-lines-per-function": ["error", 60],
      "max-params": ["error", 6],
      "no-else-return": "error",
      "no-implicit-coercion": "error",
      "no-loop-func": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unused-expressions": "error",
      "no-useless-concat": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    // Parts of a player, which Streamlit is given as one script: their names are used in the player's own file.
    files: ["formcheck/app/player/body.js", "formcheck/app/player/timeline.js"],
    languageOptions: { sourceType: "script" },
    rules: { "no-unused-vars": ["error", { vars: "local" }] },
  },
];
