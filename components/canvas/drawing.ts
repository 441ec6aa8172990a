import cytoscape, { type Core, type EdgeSingular, type ElementDefinition, type NodeSingular } from "cytoscape";
import { laneGap, nodeHeight } from "@/lib/layout/place";
import { statusWord } from "@/lib/text/labels";
import type { Text } from "../ui/language";
import { labelOf } from "./label";
import type { Palette } from "./palette";
import type { Scene, SceneEdge, SceneNode } from "./scene";
import { styleOf } from "./style";

export interface Marks {
  readonly chosen: string | undefined;
  readonly focused: string | undefined;
  /** Ids that answer the filter; undefined: no filter. */
  readonly matching: ReadonlySet<string> | undefined;
}

/** The imperative half of the canvas: takes scenes, and changes only what differs, so that an edge turning red costs one edge. */
export class Drawing {
  readonly cy: Core;
  private shown: Scene | undefined;
  private readonly faces = new Map<string, string>();

  constructor(container: HTMLElement, palette: Palette) {
    this.cy = cytoscape({
      container,
      style: styleOf(palette),
      minZoom: 0.1,
      maxZoom: 2.5,
      boxSelectionEnabled: false,
      autounselectify: true,
      autoungrabify: true,
      hideEdgesOnViewport: false,
      pixelRatio: "auto",
      // Nodes come with their places (lib/layout). Its own default is `grid`, which this build leaves out (scripts/slim-cytoscape.cjs).
      layout: { name: "preset" },
    });
  }

  paint(palette: Palette): void {
    this.cy.style(styleOf(palette));
  }

  show(scene: Scene, marks: Marks, text: Text): void {
    const { cy } = this;
    cy.batch(() => {
      const ids = new Set([...scene.nodes, ...scene.edges].map((e) => e.id));
      for (const id of [...this.faces.keys()])
        if (!ids.has(id)) {
          cy.getElementById(id).remove();
          this.faces.delete(id);
        }
      for (const node of scene.nodes) this.put(nodeElement(node, marks, text));
      for (const edge of scene.edges) this.put(edgeElement(edge, marks, text));
    });
    const first = this.shown === undefined;
    this.shown = scene;
    if (first) this.home();
  }

  private put(element: ElementDefinition): void {
    const id = element.data.id ?? "";
    const face = JSON.stringify(element);
    if (this.faces.get(id) === face) return;
    const known = this.faces.has(id);
    this.faces.set(id, face);
    if (!known) {
      this.cy.add(element);
      return;
    }
    const its = this.cy.getElementById(id);
    const { id: _i, source: _s, target: _t, ...data } = element.data;
    its.data(data);
    its.classes(element.classes ?? "");
    if (element.position) its.position(element.position);
  }

  /** The first view: readable before complete. The worst thing that is broken stands in the middle, else what carries the guests. */
  home(): void {
    const scene = this.shown;
    if (!scene || scene.nodes.length === 0) return;
    const { layout } = scene;
    const [width, height] = [this.cy.width(), this.cy.height()];
    const whole = {
      width: layout.width + 2 * margin.x,
      height: layout.bottom - layout.top + nodeHeight + 2 * margin.y,
    };
    const across = Math.min(1.1, width / whole.width);
    const all = Math.min(across, height / whole.height);
    // Too tall to be readable as a whole: as wide as it goes, and scrolled to where it matters.
    const fits = all >= leastZoom;
    const zoom = Math.max(leastZoom, fits ? all : across);
    const heart = scene.nodes.find((n) => n.status === "fail") ?? middleOf(scene);
    const y = fits || !heart ? (layout.top + layout.bottom) / 2 : heart.y;
    // Too wide: the broken thing in the middle, but no emptiness beside the lanes.
    const most = margin.x * zoom;
    const least = Math.min(most, width - (layout.width + margin.x) * zoom);
    const left =
      least < most && heart && heart.status === "fail"
        ? Math.min(most, Math.max(least, width / 2 - heart.x * zoom))
        : Math.max(most, (width - layout.width * zoom) / 2);
    this.cy.viewport({ zoom, pan: { x: left, y: height / 2 + 12 - y * zoom } });
  }

  /** All of it, however small. */
  fit(): void {
    this.cy.fit(undefined, 48);
    if (this.cy.zoom() > 1.1) this.home();
  }

  zoomBy(factor: number): void {
    this.cy.zoom({
      level: this.cy.zoom() * factor,
      renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 },
    });
  }

  /** Brings a node or edge into view, if it is not: moves no more than it must. */
  reveal(id: string): void {
    const element = this.cy.getElementById(id);
    if (element.empty()) return;
    const box = element.renderedBoundingBox({ includeLabels: false, includeOverlays: false });
    const edge = 56;
    const [width, height] = [this.cy.width(), this.cy.height()];
    const by = (low: number, high: number, size: number) =>
      high - low > size - 2 * edge
        ? size / 2 - (low + high) / 2
        : low < edge
          ? edge - low
          : high > size - edge
            ? size - edge - high
            : 0;
    const move = { x: by(box.x1, box.x2, width), y: by(box.y1, box.y2, height) };
    if (move.x !== 0 || move.y !== 0) this.cy.panBy(move);
  }

  destroy(): void {
    this.cy.destroy();
  }
}

/** Below this, names are hard to read. */
const leastZoom = 0.7;

/** Room around the lanes for the host's box. */
export const margin = { x: 38, y: 60 } as const;

const trunk: ReadonlySet<SceneNode["kind"]> = new Set(["bridge", "ovs-bridge", "bond", "nic"]);

/** What carries most: the bridge with the most ports. */
function middleOf(scene: Scene): SceneNode | undefined {
  const degree = new Map<string, number>();
  for (const e of scene.edges) for (const id of [e.from, e.to]) degree.set(id, (degree.get(id) ?? 0) + 1);
  const carriers = scene.nodes.filter((n) => trunk.has(n.kind));
  const among = carriers.length ? carriers : scene.nodes;
  return among.reduce<SceneNode | undefined>(
    (best, n) => (!best || (degree.get(n.id) ?? 0) > (degree.get(best.id) ?? 0) ? n : best),
    undefined,
  );
}

const marked = (id: string, marks: Marks) => [
  marks.chosen === id && "chosen",
  marks.focused === id && "focused",
  marks.matching && !marks.matching.has(id) && "dimmed",
];

const prose: ReadonlySet<SceneNode["kind"]> = new Set(["vm", "gateway", "netns"]);

function nodeElement(node: SceneNode, marks: Marks, text: Text): ElementDefinition {
  const classes = [
    node.status,
    node.kind === "group" && "group",
    prose.has(node.kind) && "prose",
    node.remembered && "remembered",
    ...marked(node.id, marks),
  ];
  return {
    group: "nodes",
    data: { id: node.id, label: labelOf(node, text), width: node.width, height: node.height },
    position: { x: node.x, y: node.y },
    classes: classes.filter(Boolean).join(" "),
  };
}

function edgeElement(edge: SceneEdge, marks: Marks, text: Text): ElementDefinition {
  const word = `× ${text.say(statusWord.fail)}`;
  const classes = [
    edge.status,
    edge.turn === undefined && "arc",
    edge.kind === "gateway" && edge.status === "ok" && "gateway",
    !edge.present && "absent",
    edge.remembered && "remembered",
    ...marked(edge.id, marks),
  ];
  return {
    group: "edges",
    data: {
      id: edge.id,
      source: edge.from,
      target: edge.to,
      turn: `${edge.turn ?? laneGap / 2}px`,
      sourceWord: edge.label === "source" ? word : "",
      targetWord: edge.label === "target" ? word : "",
    },
    classes: classes.filter(Boolean).join(" "),
  };
}

export type Element = NodeSingular | EdgeSingular;
