import cytoscape, { type Core, type EdgeSingular, type ElementDefinition, type NodeSingular } from "cytoscape";
import { edgeKind, kindsThat } from "@/lib/graph/kinds";
import { laneGap, nodeHeight } from "@/lib/layout/place";
import { routedWord, statusWord } from "@/lib/text/labels";
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

/** What was drawn last: the scene, what is marked in it, and in which language. */
interface Shown {
  readonly scene: Scene;
  readonly marks: Marks;
  readonly text: Text;
}

/** The imperative half of the canvas: takes scenes, and changes only what differs, so that an edge turning red costs one edge. */
export class Drawing {
  readonly cy: Core;
  private shown: Shown | undefined;
  /** The parts as they are drawn, by id. */
  private readonly parts = new Map<string, SceneNode | SceneEdge>();

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
    const before = this.shown;
    this.shown = { scene, marks, text };
    const marked = before && text === before.text ? marksChanged(before.marks, marks) : everything;
    this.cy.batch(() => {
      // The layout knows all ids: where it is the same one, nothing has gone.
      if (before && before.scene.layout !== scene.layout) this.drop(scene);
      for (const node of scene.nodes)
        if (this.parts.get(node.id) !== node || marked.has(node.id)) this.put(node, nodeElement(node, marks, text));
      for (const edge of scene.edges)
        if (this.parts.get(edge.id) !== edge || marked.has(edge.id)) this.put(edge, edgeElement(edge, marks, text));
    });
    if (!before) this.home();
  }

  private drop(scene: Scene): void {
    const left = new Set([...scene.nodes, ...scene.edges].map((part) => part.id));
    for (const id of [...this.parts.keys()])
      if (!left.has(id)) {
        this.cy.getElementById(id).remove();
        this.parts.delete(id);
      }
  }

  private put(part: SceneNode | SceneEdge, element: ElementDefinition): void {
    const known = this.parts.has(part.id);
    this.parts.set(part.id, part);
    if (!known) {
      this.cy.add(element);
      return;
    }
    const its = this.cy.getElementById(part.id);
    const { id: _i, source: _s, target: _t, ...data } = element.data;
    its.data(data);
    its.classes(element.classes ?? "");
    // A place that is set again is worked out again, with every edge at it.
    const { position } = element;
    const at = its.isNode() ? its.position() : undefined;
    if (position && at && (at.x !== position.x || at.y !== position.y)) its.position(position);
  }

  /** The first view: readable before complete. The worst thing that is broken stands in the middle, else what carries the guests. */
  home(): void {
    const scene = this.shown?.scene;
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

const trunk: ReadonlySet<SceneNode["kind"]> = new Set(kindsThat("isTrunk"));

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

const everything = { has: (_id: string) => true };

/** Ids of parts that may have to be marked otherwise. */
function marksChanged(before: Marks, after: Marks): { has(id: string): boolean } {
  if (before.matching !== after.matching) return everything;
  const ids = new Set<string>();
  for (const mark of ["chosen", "focused"] as const)
    if (before[mark] !== after[mark]) for (const id of [before[mark], after[mark]]) if (id !== undefined) ids.add(id);
  return ids;
}

const marked = (id: string, marks: Marks) => [
  marks.chosen === id && "chosen",
  marks.focused === id && "focused",
  marks.matching && !marks.matching.has(id) && "dimmed",
];

const prose: ReadonlySet<SceneNode["kind"]> = new Set(kindsThat("isProse"));

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
    edge.kind !== "group" && edgeKind[edge.kind].faint && edge.status === "ok" && "faint",
    edge.routed && "routed",
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
      ...(edge.routed ? { word: text.say(routedWord[edge.routed]) } : {}),
    },
    classes: classes.filter(Boolean).join(" "),
  };
}

export type Element = NodeSingular | EdgeSingular;
