"use client";

import type { Core } from "cytoscape";
import { Maximize, Minus, Plus, RotateCcw } from "lucide-react";
import { memo, type ReactNode, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { statusWord, wordOfKind } from "@/lib/text/labels";
import { visible } from "@/lib/text/visible";
import { Button } from "../ui/button";
import { type Text, useText } from "../ui/language";
import { Backdrop } from "./backdrop";
import { Drawing, type Marks } from "./drawing";
import { onPaletteChange, readPalette } from "./palette";
import { firstNode, neighbour, type Scene, type SceneNode } from "./scene";
import { loadFaces } from "./style";

export interface CanvasProps {
  readonly scene: Scene;
  readonly host: string;
  /** Said on the host's box: "no answer since ...". */
  readonly note?: ReactNode;
  /** The picture is not the present: drawn without colour. */
  readonly old?: boolean;
  readonly chosen: string | undefined;
  readonly matching: ReadonlySet<string> | undefined;
  readonly onChoose: (id: string | undefined) => void;
  /** Lays everything out afresh. */
  readonly onTidy?: () => void;
}

/** The topology of one host. Mouse: drag, wheel, click. Keys: arrows from node to node, Enter opens, plus, minus and 0 zoom. */
export const Canvas = memo(function Canvas(props: CanvasProps) {
  // Long: the life of one Cytoscape instance, from its making to its end, in the order of its effects.
  const { scene, host, note, old, chosen, matching, onChoose, onTidy } = props;
  const text = useText();
  const { t } = text;
  const help = useId();
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | undefined>(undefined);
  const cy = useRef<Core | undefined>(undefined);
  const [ready, setReady] = useState(false);
  const [focused, setFocused] = useState<string>();
  const [over, setOver] = useState<string>();
  const choose = useRef(onChoose);
  choose.current = onChoose;

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    let made: Drawing | undefined;
    let stop: (() => void) | undefined;
    let gone = false;
    const begin = () => {
      if (gone) return;
      const own = new Drawing(element, readPalette());
      made = own;
      drawing.current = own;
      cy.current = own.cy;
      own.cy.on("tap", (event) => choose.current(event.target === own.cy ? undefined : event.target.id()));
      own.cy.on("mouseover", "node, edge", (event) => setOver(event.target.id()));
      own.cy.on("mouseout", "node, edge", () => setOver(undefined));
      stop = onPaletteChange(() => own.paint(readPalette()));
      setReady(true);
    };
    // Drawn letters do not follow when their face comes late, so it is waited for; not for long, and a face that fails does no harm.
    void Promise.race([loadFaces(), new Promise((resolve) => setTimeout(resolve, 1500))]).then(begin, begin);
    return () => {
      gone = true;
      stop?.();
      made?.destroy();
      drawing.current = undefined;
      cy.current = undefined;
      setReady(false);
    };
  }, []);

  const marks = useMemo<Marks>(() => ({ chosen, focused, matching }), [chosen, focused, matching]);
  useLayoutEffect(() => {
    if (ready) drawing.current?.show(scene, marks, text);
  }, [ready, scene, marks, text]);
  useEffect(() => {
    if (ready && chosen) drawing.current?.reveal(chosen);
  }, [ready, chosen]);

  const byId = useMemo(() => new Map(scene.nodes.map((n) => [n.id, n])), [scene]);
  const focusedNode = focused === undefined ? undefined : byId.get(focused);
  const onKey = useKeys({ scene, focused, setFocused, drawing, onChoose });
  return (
    <div className="relative min-h-0 min-w-0 flex-1 overflow-hidden bg-ground">
      {/* Cytoscape puts a style element into the page unless one of this id is there; the Content-Security-Policy would refuse it. */}
      <div id="__________cytoscape_stylesheet" hidden />
      {ready && <Backdrop layout={scene.layout} cy={cy} host={host} note={note} />}
      <div
        ref={container}
        data-testid="canvas"
        data-ready={ready}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: role application is interactive: it has its own keys.
        tabIndex={0}
        aria-label={t("canvasLabel", { host: visible(host) })}
        aria-describedby={help}
        title={titleOf(scene, byId, over, text)}
        onKeyDown={onKey}
        onFocus={() => setFocused((f) => f ?? chosen ?? firstNode(scene))}
        onBlur={() => setFocused(undefined)}
        className={`__________cytoscape_container absolute inset-0 ${old ? "grayscale" : ""} ${over ? "cursor-pointer" : ""}`}
      />
      <p id={help} className="sr-only">
        {t("canvasHelp")}
      </p>
      <p aria-live="polite" className="sr-only">
        {focusedNode && spoken(focusedNode, text)}
      </p>
      <ZoomButtons drawing={drawing} onTidy={onTidy} />
    </div>
  );
});

/** Apart, and remembered: what is drawn beside them changes far more often. */
const ZoomButtons = memo(function ZoomButtons({
  drawing,
  onTidy,
}: {
  readonly drawing: { readonly current: Drawing | undefined };
  readonly onTidy: (() => void) | undefined;
}) {
  const { t } = useText();
  return (
    <div className="absolute right-2 bottom-2 flex flex-col rounded border border-line-strong bg-surface">
      <Button
        look="quiet"
        small
        title={t("zoomIn")}
        aria-label={t("zoomIn")}
        onClick={() => drawing.current?.zoomBy(1.25)}
        icon={<Plus className="size-4" />}
      />
      <Button
        look="quiet"
        small
        title={t("zoomOut")}
        aria-label={t("zoomOut")}
        onClick={() => drawing.current?.zoomBy(0.8)}
        icon={<Minus className="size-4" />}
      />
      <Button
        look="quiet"
        small
        title={t("fit")}
        aria-label={t("fit")}
        onClick={() => drawing.current?.fit()}
        icon={<Maximize className="size-4" />}
      />
      {onTidy && (
        <Button
          look="quiet"
          small
          title={t("tidy")}
          aria-label={t("tidy")}
          onClick={onTidy}
          icon={<RotateCcw className="size-4" />}
        />
      )}
    </div>
  );
});

const spoken = (node: SceneNode, { t, say }: Text): string =>
  node.kind === "group"
    ? t("groupSpoken", { count: node.count ?? 0, status: say(statusWord[node.status]) })
    : `${visible(node.name)}, ${say(wordOfKind(node.kind))}, ${say(statusWord[node.status])}`;

/** What the mouse rests on, whole: labels may be cut. */
function titleOf(
  scene: Scene,
  byId: ReadonlyMap<string, SceneNode>,
  id: string | undefined,
  text: Text,
): string | undefined {
  if (id === undefined) return undefined;
  const node = byId.get(id);
  if (node) return spoken(node, text);
  const edge = scene.edges.find((e) => e.id === id);
  if (!edge) return undefined;
  const end = (of: string) => visible(byId.get(of)?.name ?? of);
  return `${end(edge.from)} – ${end(edge.to)}, ${text.say(statusWord[edge.status])}`;
}

const ways = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as const;

function useKeys({
  scene,
  focused,
  setFocused,
  drawing,
  onChoose,
}: {
  readonly scene: Scene;
  readonly focused: string | undefined;
  readonly setFocused: (id: string | undefined) => void;
  readonly drawing: { readonly current: Drawing | undefined };
  readonly onChoose: (id: string | undefined) => void;
}) {
  return (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = event.key in ways ? ways[event.key as keyof typeof ways] : undefined;
    const zoom = event.key === "+" || event.key === "=" ? 1.25 : event.key === "-" ? 0.8 : undefined;
    if (way) {
      const next = focused === undefined ? firstNode(scene) : neighbour(scene, focused, way);
      if (next !== undefined) {
        setFocused(next);
        drawing.current?.reveal(next);
      }
    } else if (zoom) drawing.current?.zoomBy(zoom);
    else if (event.key === "0") drawing.current?.home();
    else if (event.key === "Enter" || event.key === " ") onChoose(focused);
    else if (event.key === "Escape") onChoose(undefined);
    else return;
    event.preventDefault();
  };
}
