import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts } from "../facts/facts";
import type { Link } from "../probes/ip-link";
import { type MonitorEvent, parseMonitorLine, patchLinks, source } from "./ip-monitor";

const at = "[2026-11-21T01:00:15.239300] ";
const capture = (name: string) =>
  readFileSync(new URL(`../../e2e/captures/lab-bond/${name}`, import.meta.url), "latin1")
    .split("\n")
    .filter((line) => line !== "");

describe("lines of the ip monitor (recorded, iproute2 6.1)", () => {
  it.each<[string, MonitorEvent]>([
    [
      "4: nic0@sw0: <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> mtu 1500 qdisc noqueue master br0 state LOWERLAYERDOWN group default \\    link/ether 12:97:b8:5e:d3:19 brd ff:ff:ff:ff:ff:ff",
      {
        kind: "link",
        ifindex: 4,
        label: "nic0@sw0",
        flags: ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP", "M-DOWN"],
        mtu: 1500,
        operstate: "LOWERLAYERDOWN",
        master: "br0",
        address: "12:97:b8:5e:d3:19",
      },
    ],
    [
      "6: master: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default event FEATURE CHANGE \\    link/ether 52:89:de:f4:fc:97 brd ff:ff:ff:ff:ff:ff",
      {
        kind: "link",
        ifindex: 6,
        label: "master",
        flags: ["BROADCAST", "MULTICAST"],
        mtu: 1500,
        operstate: "DOWN",
        master: undefined,
        address: "52:89:de:f4:fc:97",
      },
    ],
    // A bridge called "master", a port called "a@b<UP>".
    [
      "5: a@b<UP>: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1400 qdisc pfifo_fast master master state DOWN group default \\    link/ether 52:54:00:11:22:33 brd ff:ff:ff:ff:ff:ff",
      {
        kind: "link",
        ifindex: 5,
        label: "a@b<UP>",
        flags: ["NO-CARRIER", "BROADCAST", "MULTICAST", "UP"],
        mtu: 1400,
        operstate: "DOWN",
        master: "master",
        address: "52:54:00:11:22:33",
      },
    ],
    // The port has left its bridge; the interface is still there.
    [
      "Deleted 5: tap0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1400 master br0 state DOWN \\    link/ether 5e:e0:53:3e:41:22",
      { kind: "link-touched", ifindex: 5 },
    ],
    [
      "4: nic0@sw0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master br0 state UP \\    link/ether 12:97:b8:5e:d3:19",
      { kind: "link-touched", ifindex: 4 },
    ],
    [
      "Deleted 5: a@b<UP>: <BROADCAST,MULTICAST> mtu 1400 qdisc noop state DOWN group default \\    link/ether 52:54:00:11:22:33 brd ff:ff:ff:ff:ff:ff",
      { kind: "link-gone", ifindex: 5 },
    ],
    [
      "2: br0    inet 192.0.2.1/24 scope global br0\\       valid_lft forever preferred_lft forever",
      { kind: "address" },
    ],
    [
      "Deleted 4: nic0    inet6 fe80::1097:b8ff:fe5e:d319/64 scope link \\       valid_lft forever preferred_lft forever",
      { kind: "address" },
    ],
    ["192.0.2.9 dev br0 lladdr 52:54:00:aa:bb:cd STALE ", { kind: "neigh", trouble: false }],
    ["192.0.2.9 dev br0 FAILED ", { kind: "neigh", trouble: true }],
    ["Deleted 192.0.2.9 dev br0 FAILED ", { kind: "neigh", trouble: true }],
    ["Deleted ff02::16 dev br0 lladdr 33:33:00:00:00:16 NOARP ", { kind: "neigh", trouble: false }],
    ["dev nic0 lladdr a6:b8:e6:3e:51:be REACHABLE ", { kind: "fdb" }],
    ["Deleted dev a@b<UP> lladdr 5e:e0:53:3e:41:22 PERMANENT ", { kind: "fdb" }],
    ["default via 192.0.2.254 dev br0 ", { kind: "route" }],
    ["unreachable 198.51.100.0/24 ", { kind: "route" }],
    ["Deleted 192.0.2.0/24 dev br0 proto kernel scope link src 192.0.2.1 linkdown ", { kind: "route" }],
    ["local fe80::1097:b8ff:fe5e:d319 dev nic0 table local proto kernel metric 0 pref medium", { kind: "route" }],
    ["", { kind: "other" }],
    ["Cannot talk to rtnetlink: Invalid argument", { kind: "other" }],
  ])("%s", (line, expected) => {
    expect(parseMonitorLine(at + line)).toEqual(expected);
    expect(parseMonitorLine(line)).toEqual(expected);
  });

  it("of the lab hypervisor are all understood", () => {
    const events = capture("stream-ip-monitor.txt").map(parseMonitorLine);
    expect(events.filter((event) => event.kind === "other")).toEqual([]);
    expect(
      events.some((event) => event.kind === "link" && event.master === "bond0" && event.flags.includes("NO-CARRIER")),
    ).toBe(true);
  });
});

describe("hostile names", () => {
  // What the kernel takes as an interface name: no white space, no "/", no ":", at most 15 bytes, not "." or "..".
  const name = fc
    .string({ unit: fc.integer({ min: 33, max: 255 }).map((c) => String.fromCharCode(c)), minLength: 1, maxLength: 15 })
    .filter((text) => !/[\s/:]/.test(text) && text !== "." && text !== "..");
  const escapes = fc.constantFrom(
    "$(id)",
    "<UP>",
    "\\",
    "master",
    "state",
    "qdisc",
    "a@b",
    "-rf",
    "\u001b[2J",
    "__proto__",
    "Deleted",
  );

  it("never change what a line means", () => {
    fc.assert(
      fc.property(fc.oneof(name, escapes), fc.oneof(name, escapes), (port, bridge) => {
        const line = `${at}7: ${port}@if3: <BROADCAST,UP> mtu 1500 qdisc noqueue master ${bridge} state UP group default qlen 1000\\    link/ether 52:54:00:11:22:33 brd ff:ff:ff:ff:ff:ff`;
        expect(parseMonitorLine(line)).toEqual({
          kind: "link",
          ifindex: 7,
          label: `${port}@if3`,
          flags: ["BROADCAST", "UP"],
          mtu: 1500,
          operstate: "UP",
          master: bridge,
          address: "52:54:00:11:22:33",
        });
        expect(parseMonitorLine(`dev ${port} lladdr 52:54:00:11:22:33 PERMANENT `)).toEqual({ kind: "fdb" });
        expect(
          parseMonitorLine(`3: ${port}    inet 192.0.2.1/24 scope global ${port}\\       valid_lft forever`),
        ).toEqual({ kind: "address" });
      }),
    );
  });

  it("nor does any text make it throw, or take long", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(typeof parseMonitorLine(text).kind).toBe("string");
      }),
    );
    const begun = performance.now();
    for (const unit of ["1: ", "[", "a:", "a dev ", "0", "<,", "\\ ", "1: a: <U> mtu "])
      parseMonitorLine(unit.repeat(200_000));
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

const base: Link[] = [
  {
    ifindex: 2,
    ifname: "br0",
    flags: ["BROADCAST", "UP", "LOWER_UP"],
    mtu: 1500,
    operstate: "UP",
    link_type: "ether",
    address: "12:97:b8:5e:d3:19",
  },
  {
    ifindex: 4,
    ifname: "nic0",
    flags: ["BROADCAST", "UP", "LOWER_UP"],
    mtu: 1500,
    operstate: "UP",
    link_type: "ether",
    address: "12:97:b8:5e:d3:19",
    master: "br0",
    linkinfo: { info_kind: "veth", info_slave_kind: "bridge", info_slave_data: { state: "forwarding" } },
  },
];
const event = (more: Partial<Extract<MonitorEvent, { kind: "link" }>> = {}): MonitorEvent => ({
  kind: "link",
  ifindex: 4,
  label: "nic0@sw0",
  flags: ["BROADCAST", "UP", "LOWER_UP"],
  mtu: 1500,
  operstate: "UP",
  master: "br0",
  address: "12:97:b8:5e:d3:19",
  ...more,
});

describe("events applied to the last reading", () => {
  it("lost carrier is there at once, the rest as it was", () => {
    const { links, complete } = patchLinks(base, [
      event({ flags: ["NO-CARRIER", "BROADCAST", "UP", "M-DOWN"], operstate: "DOWN" }),
    ]);
    expect(complete).toBe(true);
    expect(links[1]).toEqual({ ...base[1], flags: ["NO-CARRIER", "BROADCAST", "UP"], operstate: "DOWN" });
    expect(links[0]).toBe(base[0]);
  });

  it("that say nothing new change nothing, in whatever order the flags come", () => {
    expect(patchLinks(base, [event({ flags: ["LOWER_UP", "UP", "BROADCAST"] })]).links).toBe(base);
  });

  it("take a port off its bridge, with what was known of it as a port", () => {
    const { links } = patchLinks(base, [event({ master: undefined })]);
    expect(links[1]).not.toHaveProperty("master");
    expect(links[1]?.linkinfo).toEqual({ info_kind: "veth" });
  });

  it("of unknown, renamed or strangely enslaved interfaces are left to the next reading", () => {
    for (const strange of [event({ ifindex: 99 }), event({ label: "other" }), event({ master: "if7" })]) {
      const { links, complete } = patchLinks(base, [strange]);
      expect(complete).toBe(false);
      expect(links).toBe(base);
    }
  });

  it("remove what is gone, and may come twice", () => {
    const gone: MonitorEvent = { kind: "link-gone", ifindex: 4 };
    const once = patchLinks(base, [gone]).links;
    expect(once.map((link) => link.ifname)).toEqual(["br0"]);
    expect(patchLinks(once, [gone]).links).toBe(once);
    const down = event({ flags: ["NO-CARRIER"], operstate: "DOWN" });
    expect(patchLinks(patchLinks(base, [down]).links, [down]).links).toEqual(patchLinks(base, [down]).links);
  });

  it("tell an interface that comes or goes, and one that moves, from one that changes", () => {
    const facts = { "ip-link": { ok: true, value: base, at: 0 } } as unknown as Facts;
    expect(source.news(event(), facts)).toEqual(["link"]);
    expect(source.news(event(), {})).toEqual(["link", "come-or-gone"]);
    expect(source.news({ kind: "link-gone", ifindex: 4 }, facts)).toEqual(["link", "come-or-gone"]);
    expect(source.news(event({ master: "br1" }), facts)).toEqual(["link", "moved"]);
    expect(source.news({ kind: "neigh", trouble: false }, facts)).toEqual([]);
  });
});
