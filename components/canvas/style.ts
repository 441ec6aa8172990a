import type { StylesheetJson } from "cytoscape";
import { laneGap } from "@/lib/layout/place";
import type { Palette } from "./palette";

const sans = '"Inter Variable", system-ui, "Noto Sans CJK SC", sans-serif';
const mono = '"JetBrains Mono Variable", ui-monospace, "Noto Sans Mono CJK SC", monospace';

/** Brings in the faces that the drawing uses; a page asks for a face only when an element shows it. */
export const loadFaces = (): Promise<unknown> =>
  Promise.all([`500 12px ${sans}`, `600 11px ${sans}`, `11px ${mono}`].map((face) => document.fonts.load(face)));

/**
 * Lean on purpose: plain shapes, no shadows, no gradients, labels hidden below a readable size (cost follows what is drawn).
 * Each status differs in line style and weight as well as in colour.
 */
export function styleOf(p: Palette): StylesheetJson {
  // Long: one table of styles: a rule for each look of a node or an edge.
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        "corner-radius": "4",
        width: "data(width)",
        height: "data(height)",
        "background-color": p.surface,
        "border-width": 1,
        "border-color": p["line-strong"],
        label: "data(label)",
        color: p.text,
        "font-family": mono,
        "font-size": 11,
        "text-valign": "center",
        "text-halign": "center",
        "text-wrap": "wrap",
        "text-max-width": "400px",
        "line-height": 1.15,
        "min-zoomed-font-size": 6,
        "overlay-opacity": 0,
        "underlay-opacity": 0,
      },
    },
    { selector: "node.prose", style: { "font-family": sans, "font-size": 12, "font-weight": 500 } },
    {
      selector: "node.group",
      style: {
        "border-style": "double",
        "border-width": 4,
        "font-family": sans,
        color: p.muted,
        "background-color": p.sunken,
      },
    },
    {
      selector: "node.warn",
      style: { "border-color": p["warn-mark"], "border-width": 2, "background-color": p["warn-soft"] },
    },
    {
      selector: "node.fail",
      style: { "border-color": p["fail-mark"], "border-width": 2.5, "background-color": p["fail-soft"], color: p.fail },
    },
    {
      selector: "node.impacted",
      style: { "border-color": p["warn-mark"], "border-width": 2, "border-style": "dashed" },
    },
    {
      selector: "node.unknown",
      style: { "border-color": p["unknown-mark"], "border-width": 1.5, "border-style": "dotted", color: p.muted },
    },
    {
      selector: "node.stale",
      style: {
        "border-color": p["unknown-mark"],
        "border-width": 1.5,
        "border-style": "dotted",
        "background-color": p.sunken,
        color: p.muted,
      },
    },
    { selector: "node.remembered", style: { "border-style": "dashed", color: p.muted } },
    {
      selector: "edge",
      style: {
        "curve-style": "round-taxi",
        "taxi-direction": "rightward",
        "taxi-turn": "data(turn)",
        "taxi-turn-min-distance": 4,
        "taxi-radius": 5,
        width: 1.25,
        "line-color": p["line-strong"],
        "target-arrow-shape": "none",
        "overlay-opacity": 0,
        "z-index": 1,
      },
    },
    {
      selector: "edge.arc",
      style: { "curve-style": "unbundled-bezier", "control-point-distances": [-36], "control-point-weights": [0.5] },
    },
    // Not a wire but the way out: thinner, and in the accent's colour.
    { selector: "edge.faint", style: { "line-color": p.accent, "line-opacity": 0.55, width: 1 } },
    // No wire either: the host's route. Long dashes and its word, whatever its state.
    {
      selector: "edge.routed",
      style: {
        "line-color": p.accent,
        "line-style": "dashed",
        "line-dash-pattern": [9, 5],
        width: 1.5,
        label: "data(word)",
        "font-family": sans,
        "font-size": 10,
        "font-weight": 500,
        color: p.muted,
        "text-background-color": p.surface,
        "text-background-opacity": 1,
        "text-background-padding": "2px",
        "min-zoomed-font-size": 6,
      },
    },
    { selector: "edge.warn", style: { "line-color": p["warn-mark"], width: 2, "z-index": 3 } },
    {
      selector: "edge.impacted",
      style: { "line-color": p["warn-mark"], width: 1.75, "line-style": "dashed", "z-index": 2 },
    },
    {
      selector: "edge.unknown, edge.stale",
      style: { "line-color": p["unknown-mark"], width: 1.25, "line-style": "dotted" },
    },
    { selector: "edge.remembered, edge.absent", style: { "line-style": "dashed" } },
    {
      selector: "edge.fail",
      style: {
        "line-color": p["fail-mark"],
        width: 3,
        "z-index": 9,
        "source-label": "data(sourceWord)",
        "target-label": "data(targetWord)",
        "source-text-offset": laneGap / 2,
        "target-text-offset": laneGap / 2,
        "font-family": sans,
        "font-size": 10,
        "font-weight": 600,
        color: p["fail-text"],
        "text-background-color": p["fail-mark"],
        "text-background-opacity": 1,
        "text-background-padding": "3px",
        "text-background-shape": "roundrectangle",
        "min-zoomed-font-size": 4,
      },
    },
    { selector: ".dimmed", style: { opacity: 0.22 } },
    {
      selector: "node.focused",
      style: {
        "underlay-color": p.accent,
        "underlay-opacity": 0.28,
        "underlay-padding": 5,
        "underlay-shape": "round-rectangle",
      },
    },
    {
      selector: "node.chosen",
      style: {
        "underlay-color": p.accent,
        "underlay-opacity": 0.9,
        "underlay-padding": 3,
        "underlay-shape": "round-rectangle",
      },
    },
    { selector: "edge.chosen", style: { "underlay-color": p.accent, "underlay-opacity": 0.45, "underlay-padding": 4 } },
  ];
}
