import type { Finding } from "@/lib/checks/finding";
import { edgeId, type Json, type Status } from "@/lib/graph/model";
import { problemsOf } from "@/lib/problems/derive";
import { briefOf } from "@/lib/problems/problem";
import { byBlast } from "@/lib/problems/rank";
import type { HostCard, HostInfo, HostSnapshot, ViewEdge, ViewNode } from "@/lib/wire/model";

/** The moment at which all samples were taken. Tests set the browser's clock to a little later. */
export const moment = Date.UTC(2026, 1, 3, 13, 4, 11);

export const info = (id: string, over: Partial<HostInfo> = {}): HostInfo => ({
  id,
  name: id,
  address: "192.0.2.11",
  state: "live",
  since: moment - 3_600_000,
  seenAt: moment - 2000,
  demo: false,
  ...over,
});

/** Builds a host's picture by hand, as the engine would. */
export class Sample {
  readonly nodes = new Map<string, ViewNode>();
  readonly edges = new Map<string, ViewEdge>();
  readonly findings: Finding[] = [];

  constructor(readonly host: string) {}

  node(kind: ViewNode["kind"], name: string, attributes: Record<string, Json> = {}, status: Status = "ok"): string {
    const id = `${this.host}/${kind}/${name}`;
    this.nodes.set(id, { id, host: this.host, kind, name, attributes, status });
    return id;
  }

  edge(kind: ViewEdge["kind"], from: string, to: string, over: Partial<ViewEdge> = {}): string {
    const id = edgeId(kind, from, to);
    this.edges.set(id, { id, host: this.host, kind, from, to, present: true, status: "ok", ...over });
    return id;
  }

  /** TAP, vNIC and VM on a bridge; the VM's id. */
  guest(bridge: string, at: number, name: string): string {
    const mac = `52:54:00:12:${(at >> 8).toString(16).padStart(2, "0")}:${(at & 255).toString(16).padStart(2, "0")}`;
    const tap = this.node("tap", `vnet${at}`, {
      mac: `fe:${mac.slice(3)}`,
      mtu: 1500,
      operstate: "UNKNOWN",
      carrier: true,
    });
    const vnic = this.node("vnic", mac, { model: "virtio", mac });
    const vm = this.node("vm", name, { state: "running", addresses: [`192.0.2.${100 + (at % 150)}`], vcpus: 2 });
    this.edge("bridge-port", bridge, tap);
    this.edge("tap-vnic", tap, vnic);
    this.edge("vnic-vm", vnic, vm);
    return vm;
  }

  status(id: string, status: Status): void {
    const node = this.nodes.get(id);
    const edge = this.edges.get(id);
    if (node) this.nodes.set(id, { ...node, status });
    else if (edge) this.edges.set(id, { ...edge, status });
    else throw new Error(`no such part: ${id}`);
  }

  finding(check: string, subject: string, over: Partial<Finding> = {}): Finding {
    const finding: Finding = {
      key: `${check}@${subject}`,
      check,
      layer: "physical",
      status: "fail",
      host: this.host,
      subject,
      message: `${subject} fails ${check}`,
      params: {},
      evidence: [],
      breaks: [],
      cuts: true,
      alsoOn: [],
      since: moment - 180_000,
      impacts: [],
      ...over,
    };
    this.findings.push(finding);
    return finding;
  }

  /** Everything behind a VM's own wires, the VM included. */
  impact(vm: string): void {
    const wires = [...this.edges.values()];
    const queue = [vm];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      this.status(id, "impacted");
      for (const edge of wires.filter(
        (e) => e.to === id && (e.kind === "vnic-vm" || e.kind === "tap-vnic" || e.kind === "bridge-port"),
      )) {
        this.status(edge.id, "impacted");
        if (edge.kind !== "bridge-port") queue.push(edge.from);
      }
    }
  }

  snapshot(
    over: { host?: Partial<HostInfo>; seq?: number; epoch?: string; probes?: HostSnapshot["probes"] } = {},
  ): HostSnapshot {
    const byId = <T extends { id: string }>(a: T, b: T) => (a.id < b.id ? -1 : 1);
    return {
      host: info(this.host, over.host),
      seq: over.seq ?? 10,
      epoch: over.epoch ?? "e1",
      at: moment,
      nodes: [...this.nodes.values()].sort(byId),
      edges: [...this.edges.values()].sort(byId),
      findings: [...this.findings].sort((a, b) => (a.key < b.key ? -1 : 1)),
      problems: problemsOf(this.findings).sort((a, b) => (a.key < b.key ? -1 : 1)),
      passed: [...this.nodes.values()]
        .filter((n) => n.kind === "nic" && n.status === "ok")
        .map((n) => ({ subject: n.id, checks: ["nic-no-carrier", "nic-admin-down"] })),
      probes: over.probes ?? [
        { id: "ip-link", outcome: "ok", ms: 12, bytes: 18_211, at: moment - 2000 },
        {
          id: "ethtool",
          outcome: "refused",
          ms: 3,
          bytes: 0,
          detail: "needs root: sudo asks for a password",
          at: moment - 9000,
        },
        { id: "ovs", outcome: "absent", ms: 1, bytes: 0, at: moment - 9000 },
      ],
    };
  }
}

/** Two NICs in a bond, a bridge with its VLAN sister, a gateway and eight guests: all well. */
export function hypervisor(id = "kvm-ams-07") {
  const s = new Sample(id);
  const speed = { speed: 10_000, duplex: "full", mtu: 1500, driver: "ixgbe" };
  const eth0 = s.node("nic", "eno1", { ...speed, mac: "3c:fd:fe:a1:20:10", carrier: true, operstate: "UP" });
  const eth1 = s.node("nic", "eno2", { ...speed, mac: "3c:fd:fe:a1:20:11", carrier: true, operstate: "UP" });
  const mgmt = s.node("nic", "eno3", {
    speed: 1000,
    mac: "3c:fd:fe:a1:20:12",
    addresses: [{ local: "192.0.2.11", prefixlen: 24 }],
  });
  const sw0 = s.node("switch-port", "leaf-1a Ethernet12", { system: "leaf-1a", port: "Ethernet12" });
  const sw1 = s.node("switch-port", "leaf-1b Ethernet12", { system: "leaf-1b", port: "Ethernet12" });
  const bond = s.node("bond", "bond0", { mode: "802.3ad", miimon: 100, mtu: 1500 });
  const br0 = s.node("bridge", "br0", { stp: false, mtu: 1500, addresses: [{ local: "198.51.100.7", prefixlen: 24 }] });
  const vlan = s.node("vlan", "bond0.120", { vlan: 120, mtu: 1500 });
  const br120 = s.node("bridge", "br120", { stp: false, mtu: 1500 });
  const gateway = s.node("gateway", "198.51.100.1", { mac: "00:00:5e:00:01:0a", state: "REACHABLE" });
  const lldp0 = s.edge("lldp", sw0, eth0);
  const lldp1 = s.edge("lldp", sw1, eth1);
  const member0 = s.edge("bond-member", eth0, bond);
  const member1 = s.edge("bond-member", eth1, bond);
  const uplink = s.edge("uplink", bond, br0);
  const vlanParent = s.edge("vlan-parent", bond, vlan);
  const vlanUplink = s.edge("uplink", vlan, br120);
  s.edge("gateway", gateway, br0);
  const names = ["web-01", "web-02", "web-07", "db-01", "mail-1", "cache-01"];
  const guests = names.map((name, i) => s.guest(br0, i, name));
  const tagged = ["dmz-proxy", "dmz-dns"].map((name, i) => s.guest(br120, 20 + i, name));
  return {
    s,
    eth0,
    eth1,
    mgmt,
    sw0,
    sw1,
    bond,
    br0,
    vlan,
    br120,
    gateway,
    lldp0,
    lldp1,
    member0,
    member1,
    uplink,
    vlanParent,
    vlanUplink,
    guests,
    tagged,
  };
}

/** One cable pulled: redundancy lost, nobody impacted. */
export function oneCable(id?: string) {
  const h = hypervisor(id);
  const { s } = h;
  for (const part of [h.eth1, h.lldp1, h.member1]) s.status(part, "fail");
  s.status(h.bond, "warn");
  const nic = s.finding("nic-no-carrier", h.eth1, {
    message: "eno2 has no carrier: cable, SFP or switch port is dead",
    params: { nic: "eno2" },
    evidence: [
      {
        command: "ip -j -d link show dev eno2",
        excerpt: '"flags": ["NO-CARRIER","BROADCAST","MULTICAST","SLAVE","UP"],\n"operstate": "DOWN"',
      },
      { command: "cat /sys/class/net/eno2/carrier", excerpt: "0" },
    ],
    breaks: [h.lldp1, h.member1],
  });
  s.finding("bond-member-down", h.bond, {
    layer: "bond",
    status: "warn",
    message: "bond0 runs on eno1 alone: eno2 is down",
    params: { bond: "bond0", members: "eno2" },
    evidence: [
      {
        command: "cat /proc/net/bonding/bond0",
        excerpt: "Slave Interface: eno2\nMII Status: down\nLink Failure Count: 1",
      },
    ],
    cuts: false,
    cause: nic.key,
  });
  return h;
}

/** Both cables pulled: one problem, every guest impacted. */
export function bothCables(id?: string) {
  const h = hypervisor(id);
  const { s } = h;
  for (const part of [h.eth0, h.eth1, h.lldp0, h.lldp1, h.member0, h.member1, h.bond]) s.status(part, "fail");
  for (const part of [h.uplink, h.vlanParent, h.vlanUplink, h.br0, h.br120, h.vlan]) s.status(part, "impacted");
  const impacts = [...h.guests, ...h.tagged];
  for (const vm of impacts) s.impact(vm);
  const head = s.finding("bond-down", h.bond, {
    layer: "bond",
    message: "bond0 has no active member: eno1 and eno2 have no carrier",
    params: { bond: "bond0", members: "eno1, eno2" },
    evidence: [{ command: "cat /proc/net/bonding/bond0", excerpt: "MII Status: down\nCurrently Active Slave: None" }],
    impacts,
  });
  for (const [nic, name, broken] of [
    [h.eth0, "eno1", [h.lldp0, h.member0]],
    [h.eth1, "eno2", [h.lldp1, h.member1]],
  ] as const)
    s.finding("nic-no-carrier", nic, {
      message: `${name} has no carrier: cable, SFP or switch port is dead`,
      params: { nic: name },
      evidence: [{ command: `ip -j -d link show dev ${name}`, excerpt: '"operstate": "DOWN"' }],
      breaks: broken.slice(),
      cause: head.key,
    });
  return h;
}

/** A guest's TAP that is on no bridge, with a remedy. */
export function looseTap(id?: string) {
  const h = hypervisor(id);
  const { s } = h;
  const vm = h.guests[2] ?? "";
  const tap = `${s.host}/tap/vnet2`;
  const port = edgeId("bridge-port", h.br0, tap);
  s.impact(vm);
  s.edge("bridge-port", h.br0, tap, { status: "fail", present: false });
  s.status(tap, "fail");
  const finding = s.finding("tap-not-enslaved", tap, {
    layer: "tap",
    message: "vnet2 of web-07 is on no bridge; its configuration names br0",
    params: { tap: "vnet2", vm: "web-07", bridge: "br0" },
    evidence: [
      {
        command: "ip -j -d link show dev vnet2",
        excerpt: '"ifname": "vnet2", "flags": ["BROADCAST","MULTICAST","UP","LOWER_UP"],\n(no "master")',
      },
      {
        command: "virsh domiflist web-07",
        excerpt:
          " Interface   Type     Source   Model    MAC\n vnet2       bridge   br0      virtio   52:54:00:12:00:02",
      },
    ],
    breaks: [port],
    impacts: [vm],
    remedies: ["enslave"],
  });
  return { ...h, tap, port, vm, finding };
}

/** Many guests on one bridge. */
export function crowded(count: number, id = "kvm-big-01") {
  const h = hypervisor(id);
  const guests = Array.from({ length: count }, (_, i) =>
    h.s.guest(h.br0, 100 + i, `vps-${String(i).padStart(4, "0")}`),
  );
  return { ...h, crowd: guests };
}

/** Names that a kernel, libvirt and LLDP all take. */
export function hostile(id = "kvm-hostile") {
  const h = hypervisor(id);
  const { s } = h;
  const names = [
    '<img src=x onerror="document.title=1">',
    "web-\u202e10-niamod",
    "\u001b[31mred\u001b[0m",
    "a".repeat(200),
    "数据库主机一号生产环境",
    "__proto__",
    "$(jndi)",
    "'; DROP TABLE vms; --",
    "tab\there\nnewline",
  ];
  for (const [i, name] of names.entries()) s.guest(h.br0, 300 + i, name);
  s.node("nic", "$(id)");
  s.node("nic", ";reboot");
  s.node("switch-port", "<script>alert(1)</script>");
  const bad = s.node("nic", "<b>x</b>\u0007", {}, "fail");
  s.finding("nic-no-carrier", bad, {
    message: "<b>x</b>\u0007 has no carrier",
    params: { nic: "<b>x</b>\u0007" },
    evidence: [
      {
        command: "ip link show dev '<b>x</b>'",
        excerpt: "</pre><script>document.title='owned'</script>\u001b]0;title\u0007\u202e",
      },
    ],
  });
  return h;
}

/** A card as the engine makes it of a snapshot. */
export function cardOf(snapshot: HostSnapshot, spark: readonly number[] = []): HostCard {
  const order: readonly Status[] = ["fail", "warn", "impacted", "stale", "unknown", "ok"];
  const problems = [...snapshot.problems].sort(byBlast);
  const statuses = new Set(snapshot.nodes.map((n) => n.status));
  return {
    host: snapshot.host,
    worst: order.find((s) => statuses.has(s)) ?? "ok",
    counts: {
      vms: snapshot.nodes.filter((n) => n.kind === "vm").length,
      problems: problems.filter((f) => f.status === "fail").length,
      warnings: problems.filter((f) => f.status === "warn").length,
      unknown: snapshot.findings.filter((f) => f.status === "unknown").length,
      impacted: snapshot.nodes.filter((n) => n.kind === "vm" && n.status === "impacted").length,
    },
    top: problems.slice(0, 5).map(briefOf),
    spark: [...spark],
  };
}
