import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownOf } from "@/server/web/incidents/markdown";
import { escapeName } from "../graph/identity";
import { edgeId, type Json } from "../graph/model";
import { problemsOf } from "../problems/derive";
import { Incident } from "../wire/share";
import { parse4, parse6 } from "./ip";
import { type MaskWhat, maskIncident } from "./mask";

const under = (salt: string) => (text: string) => createHmac("sha256", salt).update(text).digest();
const all: MaskWhat = { macs: true, addresses: true, names: true };

interface Guest {
  readonly name: string;
  readonly mac: string;
  readonly ip: string;
}
interface Made {
  readonly host: string;
  readonly bridge: string;
  readonly alias: string;
  readonly gateway: string;
  readonly guests: readonly Guest[];
}

const linkLocal = (mac: string) => {
  const b = mac.split(":").map((part) => Number.parseInt(part, 16));
  const x = (at: number) => (b[at] ?? 0).toString(16).padStart(2, "0");
  return `fe80::${((((b[0] ?? 0) ^ 2) << 8) | (b[1] ?? 0)).toString(16)}:${Number.parseInt(x(2), 16).toString(16)}ff:fe${x(3)}:${Number.parseInt(x(4) + x(5), 16).toString(16)}`;
};

/** A picture in which each thing stands in every place where a host's text can stand. */
function picture({ host, bridge, alias, gateway, guests }: Made): Incident {
  // Long: the snapshot of one host, written out.
  const nodes: Incident["snapshot"]["nodes"] = [];
  const edges: Incident["snapshot"]["edges"] = [];
  const node = (kind: (typeof nodes)[number]["kind"], path: string, name: string, attributes: Record<string, Json>) => {
    const id = `${host}/${kind}/${path}`;
    nodes.push({ id, host, kind, name, attributes, status: "ok" });
    return id;
  };
  const link = (kind: (typeof edges)[number]["kind"], from: string, to: string) =>
    edges.push({ id: edgeId(kind, from, to), host, kind, from, to, present: true, status: "ok" });
  node("host", "self", host, { kernel: "6.1.0-13-amd64" });
  const br = node("bridge", escapeName(bridge), bridge, {
    operstate: "UP",
    altnames: [alias],
    addresses: [`${gateway}/24`],
  });
  const vms = guests.map(({ name, mac, ip }, at) => {
    const tap = node("tap", `${escapeName(name)}/${mac}`, `vnet${at}`, {
      mac: `fe${mac.slice(2)}`,
      vm: name,
      guestMac: mac,
    });
    const vm = node("vm", escapeName(name), name, { state: "running", addresses: [ip, linkLocal(mac)] });
    link("bridge-port", br, tap);
    link("tap-vnic", tap, vm);
    return vm;
  });
  const [first] = guests;
  const text = guests
    .map(
      (g) =>
        `${g.name} ${g.mac} ${g.mac.toUpperCase()} ${g.mac.replaceAll(":", "-")} at ${g.ip}, ${g.ip}/32 via ${linkLocal(g.mac)}: dev ${bridge} (${alias}) of root@${host}.`,
    )
    .join("\n");
  const key = `guest-dark@${vms[0] ?? br}`;
  const finding = {
    key,
    check: "guest-dark",
    layer: "tap" as const,
    status: "fail" as const,
    host,
    subject: vms[0] ?? br,
    message: `${first?.name} does not answer: ${text}`,
    params: { vm: first?.name ?? "", why: { en: text, zh: text }, count: 3 },
    evidence: [{ command: `ip neigh show ${gateway} dev ${bridge}`, excerpt: JSON.stringify({ text, guests }) }],
    breaks: edges.map((edge) => edge.id),
    cuts: true,
    alsoOn: [br],
    since: 1,
    because: text,
    impacts: vms,
    thresholds: { tries: 3 },
  };
  const findings = [finding, { ...finding, key: `tap-down@${br}`, check: "tap-down", subject: br, cause: key }];
  return Incident.parse({
    version: 2,
    takenAt: 5,
    madeBy: "Somebody Known",
    note: `Ticket: ${text}`.slice(0, 3000),
    selection: vms[0] ?? br,
    snapshot: {
      host: { id: host, name: host, address: gateway, state: "live", reason: text, since: 1, seenAt: 2, demo: false },
      seq: 4,
      epoch: "e1",
      at: 5,
      nodes,
      edges,
      findings,
      problems: problemsOf(findings),
      passed: [{ subject: br, checks: ["mtu"] }],
      probes: [{ id: "ip-link", outcome: "failed", ms: 1, bytes: 2, detail: text, at: 1 }],
    },
  });
}

/** Long enough to be no word of ours, with what makes quoting, patterns and ids stumble. */
const nasty = fc
  .tuple(
    fc.array(fc.constantFrom(..."qxzjQXZJ07-_. $`;|()[]{}*+?^\\\"'<>%/é漢\u202e\u0007"), {
      minLength: 3,
      maxLength: 9,
    }),
    fc.stringMatching(/^[qxzj]{4}[0-9]{2}$/),
  )
  .map(([odd, end]) => `z${odd.join("")}${end}`);
const byte = fc.integer({ min: 0, max: 255 });
const mac = fc
  .tuple(byte, byte, byte, byte, byte)
  .map((b) => ["52", ...b.map((x) => x.toString(16).padStart(2, "0"))].join(":"));
const ip = fc.oneof(
  fc.tuple(byte, byte).map(([c, d]) => `192.168.${c}.${d}`),
  fc.tuple(byte, byte, byte).map(([b, c, d]) => `10.${b}.${c}.${d}`),
  fc
    .tuple(
      fc.integer({ min: 1, max: 223 }).filter((a) => a !== 127),
      byte,
      byte,
      byte,
    )
    .map((b) => b.join(".")),
  fc
    .tuple(byte, byte, byte)
    .map(([a, b, c]) => `2001:db8:${a.toString(16)}:${b.toString(16)}::${(c + 1).toString(16)}`),
  fc.tuple(byte, byte).map(([a, b]) => `fd00:${a.toString(16)}::${(b + 2).toString(16)}`),
);
const made: fc.Arbitrary<Made> = fc
  .uniqueArray(nasty, { minLength: 8, maxLength: 8, selector: (name) => name.toLowerCase() })
  .chain((names) =>
    fc.record({
      host: fc.constant(escapeName(names[0] ?? "")),
      bridge: fc.constant(names[1] ?? ""),
      alias: fc.constant(names[2] ?? ""),
      gateway: ip,
      guests: fc
        .uniqueArray(fc.tuple(mac, ip), { minLength: 1, maxLength: 5, selector: ([m]) => m })
        .map((list) => list.map(([m, i], at) => ({ name: names[at + 3] ?? "", mac: m, ip: i }))),
    }),
  );

const forms = (one: Made) => ({
  macs: one.guests.flatMap((g) => [g.mac, g.mac.slice(3), g.mac.replaceAll(":", "-"), linkLocal(g.mac)]),
  addresses: [one.gateway, ...one.guests.map((g) => g.ip)],
  names: [one.host, one.bridge, one.alias, ...one.guests.map((g) => g.name)].flatMap((name) => [
    name,
    escapeName(name),
  ]),
});
/** Whether it stands there by itself: "10.0.0.1" is not in "10.0.0.12". */
const holds = (text: string, part: string) =>
  new RegExp(`(?<![\\da-f])${part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}(?![\\da-f])`, "iu").test(text);

describe("a masked incident", () => {
  it("holds no MAC, address or name, as JSON and as Markdown", () => {
    fc.assert(
      fc.property(made, (one) => {
        const masked = maskIncident(picture(one), all, under("salt"));
        const strings = JSON.stringify(masked);
        const every = [...textsOf(masked as unknown as Json)].join("\n");
        const texts = [strings, markdownOf(masked, "https://t/share/x"), every];
        const { macs, addresses, names } = forms(one);
        for (const text of texts) {
          const small = text.toLowerCase();
          expect(names.filter((name) => small.includes(name.toLowerCase()))).toEqual([]);
          expect([...macs, ...addresses].filter((part) => holds(text, part))).toEqual([]);
        }
        expect(strings).not.toContain("Somebody");
      }),
      { numRuns: 60 },
    );
  });

  it("is the same under the same salt, another under another, and keeps its shape and its threads", () => {
    fc.assert(
      fc.property(made, (one) => {
        const before = picture(one);
        const after = maskIncident(before, all, under("a"));
        expect(maskIncident(before, all, under("a"))).toEqual(after);
        expect(maskIncident(before, all, under("b"))).not.toEqual(after);
        expect(Incident.parse(after)).toEqual(after);
        const { masked, ...rest } = after;
        expect(masked).toEqual(all);
        expect(shapeOf(rest as unknown as Json)).toEqual(shapeOf(before as unknown as Json));
        threads(before, after);
      }),
      { numRuns: 40 },
    );
  });

  it("masks only what was wished", () => {
    fc.assert(
      fc.property(made, fc.constantFrom<keyof MaskWhat>("macs", "addresses", "names"), (one, only) => {
        const what = { macs: false, addresses: false, names: false, [only]: true };
        const text = JSON.stringify(maskIncident(picture(one), what, under("s"))).toLowerCase();
        const { macs, addresses } = forms(one);
        const name = JSON.stringify(one.guests[0]?.name).toLowerCase();
        expect(text.includes(name)).toBe(only !== "names");
        // An address that is made from a MAC tells it: it goes with the MACs.
        expect(macs.some((m) => holds(text, m))).toBe(only !== "macs");
        if (only !== "addresses") expect(addresses.every((a) => holds(text, a))).toBe(true);
      }),
      { numRuns: 40 },
    );
    const plain = picture({ host: "hv1", bridge: "br0", alias: "x", gateway: "10.0.0.1", guests: [] });
    expect(maskIncident(plain, { macs: false, addresses: false, names: false }, under("s"))).toBe(plain);
  });
});

/** Masks one text in a picture of one host. */
function textUnder(text: string, what: Partial<MaskWhat>, salt = "s"): string {
  const one = {
    ...picture({ host: "hv-1", bridge: "br0", alias: "dmz", gateway: "10.9.9.9", guests: [] }),
    note: text,
  };
  return maskIncident(one, { macs: false, addresses: false, names: false, ...what }, under(salt)).note;
}

describe("addresses", () => {
  it("of one network stay in one network, at any length of its prefix", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 32 }), fc.tuple(byte, byte, byte, byte), byte, byte, (bits, a, c, d) => {
        const [x, y] = [a, [a[0], a[1], c, d]].map((b) => [10, b[1], b[2], b[3]].join("."));
        const [mx = "", my = ""] = textUnder(`${x} ${y}`, { addresses: true }).split(" ");
        expect(common(mx, my) >= bits).toBe(common(x ?? "", y ?? "") >= bits);
      }),
    );
  });
  it("of a private network stay private, public ones public, and those of nobody stay", () => {
    expect(textUnder("192.168.1.1", { addresses: true })).toMatch(/^10\.\d+\.\d+\.\d+$/);
    expect(textUnder("8.8.8.8", { addresses: true })).not.toMatch(/^(10|127|192\.168|172|0|8)\./);
    expect(textUnder("fd12:3456:789a::1", { addresses: true })).toMatch(/^fd/);
    for (const nobody of ["0.0.0.0", "127.0.0.1", "255.255.255.0", "224.0.0.251", "::", "::1", "ff02::1", "10.0.0.0/8"])
      expect(textUnder(`a ${nobody}: b`, { addresses: true })).toBe(`a ${nobody}: b`);
  });
  it("are found beside punctuation, and times and versions of PCI are none", () => {
    const masked = textUnder("via:fe80::1, [2001:db8::7]:22; 10.1.2.3:3000: x=10.1.2.0/24 at 12:34:56 0000:03:00.0", {
      addresses: true,
    });
    for (const part of ["fe80::1,", "2001:db8::7", "10.1.2."]) expect(masked).not.toContain(part);
    expect(masked).toMatch(
      /^via:fe80::\S+, \[\S+\]:22; 10\.\d+\.\d+\.\d+:3000: x=10\.\d+\.\d+\.0\/24 at 12:34:56 0000:03:00\.0$/,
    );
  });
});

describe("MACs", () => {
  it("keep the vendor on wish, and what ties a TAP to its guest", () => {
    const [guest = "", tap = ""] = textUnder("52:54:00:aa:bb:cc fe:54:00:aa:bb:cc", { macs: true }).split(" ");
    expect(guest).toMatch(/^02:/);
    expect(tap).toBe(`fe${guest.slice(2)}`);
    expect(textUnder("52:54:00:aa:bb:cc", { macs: true, keepVendor: true })).toMatch(/^52:54:00:(?!aa:bb:cc)/);
    expect(textUnder("enx525400aabbcc 5254.00aa.bbcc", { macs: true })).toMatch(
      /^enx02[\da-f]{10} 02[\da-f]{2}\.[\da-f]{4}\.[\da-f]{4}$/,
    );
  });
  it("of nobody stay", () => {
    for (const nobody of ["ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "01:80:c2:00:00:0e"])
      expect(textUnder(nobody, { macs: true })).toBe(nobody);
  });
});

describe("names", () => {
  it("that everybody has stay; short ones are taken for names only where they stand alone", () => {
    expect(textUnder("br0 vnet12 of hv-1: dmz, not redmzed", { names: true })).toMatch(
      /^br0 vnet12 of host-1: label-1, not redmzed$/,
    );
    expect(textUnder("root@hv-1 12345678-1234-1234-1234-123456789abc", { names: true })).toMatch(
      /^user@host-1 (?!12345678)[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/,
    );
  });
  it("that are words of the trade change neither states nor kinds", () => {
    const before = picture({
      host: "tap",
      bridge: "UP",
      alias: "running",
      gateway: "10.0.0.1",
      guests: [{ name: "vm", mac: "52:54:00:00:00:01", ip: "10.0.0.2" }],
    });
    const after = maskIncident(before, all, under("s"));
    threads(before, after);
    expect(after.snapshot.nodes.map((n) => [n.kind, n.status, n.attributes.operstate, n.attributes.state])).toEqual(
      before.snapshot.nodes.map((n) => [n.kind, n.status, n.attributes.operstate, n.attributes.state]),
    );
    expect(after.snapshot.nodes.every((n) => n.id.split("/")[1] === n.kind)).toBe(true);
  });
});

it("masking a host of 300 guests is a matter of seconds at worst", () => {
  const guests = Array.from({ length: 300 }, (_, at) => ({
    name: `customer-vm-${at}`,
    mac: `52:54:00:12:${(at >> 8).toString(16).padStart(2, "0")}:${(at & 255).toString(16).padStart(2, "0")}`,
    ip: `10.20.${at >> 8}.${at & 255}`,
  }));
  const one = picture({
    host: "hv-large",
    bridge: "br-customer",
    alias: "uplink of all",
    gateway: "10.20.0.1",
    guests,
  });
  const began = performance.now();
  maskIncident(one, all, under("s"));
  expect(performance.now() - began).toBeLessThan(5_000);
});

function* textsOf(value: Json): Generator<string> {
  if (typeof value === "string") yield value;
  else if (value !== null && typeof value === "object")
    for (const [key, item] of Object.entries(value)) {
      yield key;
      yield* textsOf(item as Json);
    }
}
/** The value with every text taken out. */
const shapeOf = (value: Json): Json =>
  typeof value === "string"
    ? ""
    : Array.isArray(value)
      ? (value as readonly Json[]).map(shapeOf)
      : value !== null && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]))
        : value;

/** What pointed at what before points at the same afterwards. */
function threads(before: Incident, after: Incident): void {
  const [b, a] = [before.snapshot, after.snapshot];
  const ids = new Map(b.nodes.map((node, at) => [node.id, a.nodes[at]?.id]));
  for (const [at, edge] of b.edges.entries()) {
    expect([a.edges[at]?.from, a.edges[at]?.to]).toEqual([ids.get(edge.from), ids.get(edge.to)]);
    ids.set(edge.id, a.edges[at]?.id);
  }
  expect(new Set(ids.values()).size).toBe(ids.size);
  const keys = new Map(b.findings.map((finding, at) => [finding.key, a.findings[at]?.key]));
  for (const [at, finding] of b.findings.entries()) {
    const now = a.findings[at];
    expect([now?.check, now?.status, now?.layer]).toEqual([finding.check, finding.status, finding.layer]);
    expect([now?.subject, now?.breaks, now?.alsoOn, now?.impacts]).toEqual([
      ids.get(finding.subject),
      ...[finding.breaks, finding.alsoOn, finding.impacts].map((list) => list.map((id) => ids.get(id))),
    ]);
    if (finding.cause) expect(now?.cause).toBe(keys.get(finding.cause));
  }
  expect(after.selection).toBe(ids.get(before.selection ?? ""));
}

/** How many first bits two addresses have in common. */
function common(one: string, other: string): number {
  const bits = (text: string) =>
    (parse4(text) ?? parse6(text) ?? []).map((b) => b.toString(2).padStart(8, "0")).join("");
  const [x, y] = [bits(one), bits(other)];
  let at = 0;
  while (at < x.length && x[at] === y[at]) at++;
  return at;
}
