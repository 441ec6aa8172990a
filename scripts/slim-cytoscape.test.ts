import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, it } from "vitest";

const require = createRequire(import.meta.url);
const slim = require("./slim-cytoscape.cjs") as (source: string) => string;
const source = readFileSync(new URL("../node_modules/cytoscape/dist/cytoscape.esm.mjs", import.meta.url), "utf8");

interface Renderer {
  requestedFrame: boolean;
  redrawCount?: number;
  renderLoopStarted?: boolean;
  redraw(): void;
}

/** The library's own loop, cut out of the slimmed source, over a drawing that counts and frames that are asked for. */
function loop(text: string) {
  const begin = text.indexOf("BRp$1.redraw = function");
  const end = text.indexOf("\nvar BaseRenderer = function", begin);
  const frames: (() => void)[] = [];
  const make = new Function(
    "BRp$1",
    "staticEmptyObject",
    "performanceNow",
    "requestAnimationFrame",
    text.slice(begin, end),
  );
  const prototype = { render: () => undefined };
  make(
    prototype,
    () => ({}),
    () => 0,
    (frame: () => void) => frames.push(frame),
  );
  const renderer = Object.assign(Object.create(prototype), {
    cy: { batching: () => false },
    beforeRenderCallbacks: [],
  }) as Renderer;
  /** Plays so many frames at most; how many were asked for. */
  const play = (most: number): number => {
    let played = 0;
    for (; played < most; played++) {
      const frame = frames.shift();
      if (!frame) break;
      frame();
    }
    return played;
  };
  return { renderer, play };
}

it("asks for no frames for ever: it sleeps after the last drawing, and draws again when it is asked", () => {
  const { renderer, play } = loop(slim(source));
  renderer.redraw();
  expect(play(1000)).toBeLessThan(100);
  expect(renderer.redrawCount).toBe(1);
  renderer.redraw();
  expect(play(1000)).toBeGreaterThan(0);
  expect(renderer.redrawCount).toBe(2);
});

it("throws where the library no longer reads as expected", () => {
  expect(() => slim(source.replaceAll("r.skipFrame = false;", "r.skipFrame = !1;"))).toThrow("the end of a frame");
});
