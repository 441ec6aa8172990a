/**
 * Cytoscape without what the canvas never uses: graph algorithms (only the breadth-first search, which the core itself calls, stays), layouts that
 * place nodes (ours are placed by lib/layout), and the WebGL renderer. The library comes as one module in which the lists that register these keep all of
 * them alive; with shorter lists the bundler's own removal of dead code does the rest. That is a quarter of it: 36 kB of packed script on every page
 * with a picture.
 *
 * And without its waking at every frame: the library asks for the next frame for ever, also while nothing is to be drawn, which is most of what a
 * page does that only stands there. Here it goes to sleep a second after the last drawing, and whatever asks for one wakes it. Its animations, which
 * the canvas does not use, would need that as well.
 *
 * A loader of the bundler (next.config.ts). Throws where the library no longer reads as expected: then this is to be looked at again.
 */
const cuts = [
  {
    what: "the list of algorithms",
    from: /\[elesfn\$v, (?:[\w$]+, )+tarjanStronglyConnected\$1\]\.forEach/,
    to: "[elesfn$v].forEach",
  },
  {
    what: "the list of layouts",
    from: /\nvar layout = \[\{\n[\s\S]*?\n\}\];\n/,
    to: "\nvar layout = [{ name: 'null', impl: NullLayout }, { name: 'preset', impl: PresetLayout }];\n",
  },
  // What hangs on these and is no plain function, the bundler cannot know to be dead.
  { what: "the layouts", from: /\nvar defaults\$7 = \{[\s\S]*?(?=\nvar defaults\$2 = \{)/, to: "" },
  { what: "the random layout", from: /\nfunction RandomLayout\([\s\S]*?(?=\nvar layout = \[)/, to: "" },
  {
    what: "the WebGL renderer",
    from: /\nCRp\$4\.initWebgl = function[\s\S]*?(?=\nfunction setContextTransform\()/,
    to: "",
  },
  { what: "what WebGL draws", from: /\nfunction drawSelectionRectangle\([\s\S]*?(?=\nvar CRp\$3 = \{\})/, to: "" },
  { what: "WebGL's atlas", from: /\nvar Atlas = [\s\S]*?(?=\nfunction intersection\()/, to: "" },
  { what: "WebGL's programs", from: /\nvar AtlasManager = [\s\S]*?(?=\nvar CRp\$4 = \{\})/, to: "" },
  {
    what: "the end of a frame",
    from: /\n {4}r\.skipFrame = false;\n {4}requestAnimationFrame\(_renderFn\);\n {2}\};\n/,
    to: `
    r.skipFrame = false;
    r.stillFrames = r.requestedFrame || r.redrawCount !== r.lastRedrawCount ? 0 : r.stillFrames + 1;
    r.lastRedrawCount = r.redrawCount;
    if (r.stillFrames < 60) requestAnimationFrame(_renderFn);
    else r.renderLoopStarted = false;
  };
  r.stillFrames = 0;
`,
  },
  {
    what: "the wish for a frame",
    from: /\n {2}r\.requestedFrame = true;\n {2}r\.renderOptions = options;\n/,
    to: "\n  r.requestedFrame = true;\n  r.renderOptions = options;\n  r.startRenderLoop();\n",
  },
];

/** @param {string} source the text of cytoscape.esm.mjs */
function slim(source) {
  return cuts.reduce((text, { what, from, to }) => {
    if (text.match(new RegExp(from, "g"))?.length !== 1)
      throw new Error(`scripts/slim-cytoscape.cjs does not find ${what} in this release of cytoscape`);
    return text.replace(from, () => to);
  }, source);
}

module.exports = slim;
