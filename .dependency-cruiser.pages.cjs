/**
 * What a browser may never load: units that read and judge. Kept apart from the other rules because it goes by what is left once types are erased: a
 * page may name the type of a check, and a type of a probe stands behind that.
 */
const base = require("./.dependency-cruiser.cjs");

module.exports = {
  forbidden: [
    {
      name: "pages-without-the-judge",
      comment:
        "Import the words of units (lib/checks/words, lib/remedies/titles), not the units: docs/adding-a-check.md",
      severity: "error",
      from: { path: "^(app|components|lib/text|lib/wire)/", pathNot: "\\.test\\.tsx?$" },
      to: {
        path: [
          "^lib/(checks|probes|remedies|causes|graph/passes|guests)/registry\\.ts$",
          "^lib/checks/(evaluate|examples|testing|run-example)\\.ts$",
          "^lib/checks/(?!words/)[^/]+/",
          "^lib/(probes|graph/passes|guests)/",
          "^lib/remedies/(?!titles\\.ts$)",
        ],
        reachable: true,
      },
    },
  ],
  options: { ...base.options, tsPreCompilationDeps: false },
};
