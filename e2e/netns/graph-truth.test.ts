import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { factsOf } from "@/lib/checks/testing";
import type { Facts } from "@/lib/facts/facts";
import { buildGraph } from "@/lib/graph/builder";
import type { GraphNode } from "@/lib/graph/model";
import { passes } from "@/lib/graph/passes/registry";
import { prelude } from "@/lib/probes/prelude";
import { type ProbeId, probes } from "@/lib/probes/registry";

/**
 * The graph against the kernel: interfaces of every kind that this machine's kernel has, read by the real probe scripts, compared with /sys/class/net - nothing
 * missing, nothing invented. Both namespaces carry this process's id, so that runs do not meet.
 */
const host = `tpheart-${process.pid}`;
const other = `tpheart-${process.pid}-in`;

function run(argv: readonly string[]): { status: number | null; stdout: Buffer } {
  const { status, stdout } = spawnSync(argv[0] ?? "", argv.slice(1), {
    timeout: 20_000,
    env: { ...process.env, TP_ROOT: "direct" },
  });
  return { status, stdout };
}

const inHost = (script: string) => run(["ip", "netns", "exec", host, "sh", "-c", script]);

/** Commands that some kernels refuse (no macvtap, no vxlan): those that worked count. */
const setup = [
  "ip link set lo up",
  "ip link add br0 type bridge",
  "ip link add br1 type bridge",
  "ip link set br0 up",
  // A veth that plays the NIC, its far end in the other namespace.
  `ip link add nic0 type veth peer name far0 netns ${other}`,
  "ip link set nic0 master br0 && ip link set nic0 up",
  // A container's veth.
  `ip link add vethc0 type veth peer name eth0 netns ${other}`,
  "ip link set vethc0 master br0 && ip link set vethc0 up",
  // Two bridges joined by a pair.
  "ip link add j0 type veth peer name j1 && ip link set j0 master br0 && ip link set j1 master br1",
  "ip tuntap add dev tap0 mode tap && ip link set tap0 master br1",
  "ip tuntap add dev tap1 mode tap",
  "ip tuntap add dev tun0 mode tun",
  "ip link add dummy0 type dummy",
  "ip link add vx0 type vxlan id 42 dev nic0 dstport 4789 && ip link set vx0 master br1",
  "ip link add mvt0 link nic0 type macvtap mode bridge",
  // Names that nobody should have, and the kernel allows.
  "ip link add '$(id)' type bridge",
  "ip link add '<b>x' type bridge",
  "ip link add __proto__ type bridge",
  "ip link add -- -rf type bridge",
];

function read(id: ProbeId): unknown {
  const probe = probes[id];
  const { status, stdout } = inHost(`${prelude}\n${probe.script}`);
  if (status !== 0) throw new Error(`${id} ended with ${String(status)}`);
  return probe.parse({ stdout, exit: 0 });
}

interface Truth {
  readonly ifindex: number;
  readonly iflink: number;
  readonly mtu: number;
  readonly master: string;
}

function truth(): Map<string, Truth> {
  const { stdout } = inHost(
    'cd /sys/class/net; for n in *; do [ -e "./$n/ifindex" ] || continue; m=$(readlink "./$n/master"); printf "%s %s %s %s %s\\n" "$(cat "./$n/ifindex")" "$(cat "./$n/iflink")" "$(cat "./$n/mtu")" "$(basename -- "$m")." "$n"; done',
  );
  return new Map(
    stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => {
        const [ifindex, iflink, mtu, master = ".", ...name] = line.split(" ");
        return [
          name.join(" "),
          { ifindex: Number(ifindex), iflink: Number(iflink), mtu: Number(mtu), master: master.slice(0, -1) },
        ];
      }),
  );
}

describe.skipIf(process.getuid?.() !== 0)("the graph and the kernel", () => {
  let facts: Facts;
  let kernel: Map<string, Truth>;

  beforeAll(() => {
    for (const name of [host, other]) expect(run(["ip", "netns", "add", name]).status).toBe(0);
    for (const command of setup) inHost(command);
    kernel = truth();
    facts = factsOf({
      "ip-link": read("ip-link"),
      "ip-addr": read("ip-addr"),
      "sysfs-net": read("sysfs-net"),
      netns: read("netns"),
    } as Parameters<typeof factsOf>[0]);
  });

  afterAll(() => {
    for (const name of [host, other]) run(["ip", "netns", "del", name]);
  });

  const graph = () => {
    const built = buildGraph("h", facts, {}, passes);
    expect([...built.failed]).toEqual([]);
    const own = [...built.graph.nodes.values()].filter(
      (node) => typeof node.attributes.ifindex === "number" && node.attributes.netns === undefined,
    );
    return { ...built, own, byName: (name: string) => own.find((node) => node.name === name) as GraphNode };
  };

  it("made what it needs", () => {
    for (const name of ["br0", "nic0", "vethc0", "j0", "j1", "tap0", "tun0", "$(id)", "<b>x", "__proto__"])
      expect([...kernel.keys()]).toContain(name);
  });

  it("have the same interfaces, each once, with the same index and MTU", () => {
    const { own } = graph();
    const seen = own.map((node) => [node.name, node.attributes.ifindex, node.attributes.mtu]).sort();
    expect(seen).toEqual([...kernel].map(([name, { ifindex, mtu }]) => [name, ifindex, mtu]).sort());
  });

  it("have the same masters", () => {
    const { graph: built, own } = graph();
    const seen = [...built.edges.values()]
      .filter((edge) => edge.kind === "uplink" || edge.kind === "bridge-port")
      .map((edge) => {
        const [port, master] = edge.kind === "uplink" ? [edge.from, edge.to] : [edge.to, edge.from];
        return [built.nodes.get(port), built.nodes.get(master)];
      })
      .filter(([port]) => port && own.includes(port))
      .map(([port, master]) => `${port?.name} on ${master?.name}`);
    expect(seen.sort()).toEqual(
      [...kernel]
        .filter(([, { master }]) => master !== "")
        .map(([name, { master }]) => `${name} on ${master}`)
        .sort(),
    );
  });

  it("have the same pairs, tunnels and lower devices", () => {
    const { graph: built, byName } = graph();
    const pairs = [...built.edges.values()].filter((edge) => edge.kind === "veth-peer");
    const between = (a: string | undefined, b: string | undefined) =>
      pairs.filter((edge) => [edge.from, edge.to].sort().join() === [a, b].sort().join()).length;
    expect(between(byName("j0").id, byName("j1").id)).toBe(1);
    const inside = (name: string) =>
      [...built.nodes.values()].find((node) => node.name === name && node.attributes.netns === other)?.id;
    expect(between(byName("nic0").id, inside("far0"))).toBe(1);
    expect(between(byName("vethc0").id, inside("eth0"))).toBe(1);
    for (const [upper, kind] of [
      ["vx0", "underlay"],
      ["mvt0", "macvtap"],
    ] as const)
      if (kernel.has(upper))
        expect(
          [...built.edges.values()].filter((edge) => edge.kind === kind).map((edge) => [edge.from, edge.to]),
        ).toContainEqual([byName("nic0").id, byName(upper).id]);
  });

  it("gives each its kind and direction", () => {
    const { graph: built, byName } = graph();
    const kinds = {
      br0: "bridge",
      nic0: "veth",
      tap0: "tap",
      tap1: "tap",
      tun0: "other-link",
      lo: "other-link",
    };
    for (const [name, kind] of Object.entries(kinds)) expect([name, byName(name).kind]).toEqual([name, kind]);
    expect(built.edges.get("h/uplink/veth/nic0--bridge/br0")).toBeDefined();
    expect(built.edges.get("h/bridge-port/bridge/br0--veth/vethc0")).toBeDefined();
    expect(built.edges.get("h/bridge-port/bridge/br1--tap/tap0")).toBeDefined();
  });
});
