import { describe, expect, it } from "vitest";
import { edgeId, type Status } from "@/lib/graph/model";
import { guestLimit } from "@/lib/layout/fold";
import type { ViewEdge, ViewNode } from "@/lib/wire/model";
import { type Drawable, type Drawn, sceneOf } from "./scene";

const node = (kind: ViewNode["kind"], name: string): ViewNode => ({
  id: `h/${kind}/${name}`,
  host: "h",
  kind,
  name,
  attributes: {},
  status: "ok",
});
const edge = (kind: ViewEdge["kind"], from: ViewNode, to: ViewNode): ViewEdge => ({
  id: edgeId(kind, from.id, to.id),
  host: "h",
  kind,
  from: from.id,
  to: to.id,
  present: true,
  status: "ok",
});

function host(guests: number): Drawable {
  const [nic, bridge] = [node("nic", "eth0"), node("bridge", "br0")];
  const nodes = [nic, bridge];
  const edges = [edge("uplink", nic, bridge)];
  for (let at = 0; at < guests; at++) {
    const [tap, vnic, vm] = [node("tap", `vnet${at}`), node("vnic", `nic${at}`), node("vm", `web-${at}`)];
    nodes.push(tap, vnic, vm);
    edges.push(edge("bridge-port", bridge, tap), edge("tap-vnic", tap, vnic), edge("vnic-vm", vnic, vm));
  }
  return { nodes, edges };
}

const none: ReadonlySet<string> = new Set();
const drawn = (of: Drawable, before?: Drawn): Drawn => ({ of, scene: sceneOf(of, none, before) });

/** The same host in which these parts are otherwise; all others are the same objects, as a delta leaves them. */
function changed(of: Drawable, parts: Readonly<Record<string, Partial<ViewNode & ViewEdge>>>): Drawable {
  const over = <T extends { readonly id: string }>(item: T): T =>
    parts[item.id] ? { ...item, ...parts[item.id] } : item;
  return { nodes: of.nodes.map(over), edges: of.edges.map(over) };
}

/** Parts of the second scene that are not the first one's objects. */
const touched = (before: Drawn, after: Drawn): string[] => {
  const known = new Set<unknown>([...before.scene.nodes, ...before.scene.edges]);
  return [...after.scene.nodes, ...after.scene.edges].filter((part) => !known.has(part)).map((part) => part.id);
};

const broken: Status = "fail";

describe("a scene after a change", () => {
  const tap = "h/tap/vnet7";
  const port = edgeId("bridge-port", "h/bridge/br0", tap);

  it("in which only states differ keeps layout and routes, and touches what differs and nothing else", () => {
    const first = drawn(host(60));
    const next = changed(first.of, { [tap]: { status: broken }, [port]: { status: broken, present: false } });
    const after = drawn(next, first);
    expect(after.scene.layout).toBe(first.scene.layout);
    expect(touched(first, after).sort()).toEqual([port, tap].sort());
    expect(after.scene.nodes.find((part) => part.id === tap)).toMatchObject({ status: "fail" });
    expect(after.scene.edges.find((part) => part.id === port)).toMatchObject({ status: "fail", present: false });
    // What is drawn is what would be drawn from scratch with everybody in his place.
    expect(after.scene).toEqual(sceneOf(next, none, { of: { nodes: [], edges: [] }, scene: first.scene }));
  });

  it("in which nothing differs that is drawn is the very same", () => {
    const first = drawn(host(3));
    expect(drawn(changed(first.of, { [tap]: { attributes: { mtu: 9000 } } }), first).scene).toBe(first.scene);
  });

  it("is laid out anew where something came, went, or has another name", () => {
    const first = drawn(host(3));
    const more = drawn(host(4), first);
    expect(more.scene.nodes.map((part) => part.id)).toContain("h/tap/vnet3");
    expect(drawn(host(2), first).scene.nodes.map((part) => part.id)).not.toContain("h/tap/vnet2");
    const renamed = drawn(changed(first.of, { "h/tap/vnet1": { name: "tap1" } }), first);
    expect(renamed.scene.nodes.find((part) => part.id === "h/tap/vnet1")?.name).toBe("tap1");
    // Even then, whoever stays as he was is the same object.
    expect(touched(first, renamed)).toEqual(["h/tap/vnet1"]);
  });

  it("brings a folded guest out when it breaks", () => {
    const first = drawn(host(guestLimit + 20));
    expect(first.scene.groups.size).toBeGreaterThan(0);
    const hidden = first.of.nodes.find((one) => one.kind === "vm" && !first.scene.nodes.some((n) => n.id === one.id));
    const after = drawn(changed(first.of, { [hidden?.id ?? ""]: { status: broken } }), first);
    expect(after.scene.nodes.find((part) => part.id === hidden?.id)?.status).toBe("fail");
  });
});
