import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ParseError, type Probe } from "./define";
import { bytesOf, hostText, latin1, parseItems, printItem } from "./items";
import { probes } from "./registry";

const all: readonly Probe[] = Object.values(probes);

/** What the kernel takes as the name of an interface, and what libvirt takes as the name of a domain, at their worst. One char a byte. */
const interfaceNames = [
  "$(id)",
  ";reboot",
  "`a`",
  "|cat",
  "-rf",
  "<b>x",
  "__proto__",
  "constructor",
  "\xff\xfe",
  "a\x1bb",
  "fifteen-chars-x",
  '"}],[{"',
  "\\u0000",
  "*",
  "%s%n",
];
const utf8 = (text: string) => latin1(new TextEncoder().encode(text));
const domainNames = [
  ...interfaceNames,
  'it\'s a "vm"',
  "two  spaces",
  utf8("\u202egnp.exe"),
  utf8("😀"),
  utf8("虚拟机"),
  "#end",
  "#item 1 0 1",
  "Domain: 'x'",
  "a=b",
];

/** Parses, and proves that the outcome is one of the two that are allowed. Returns the value where there is one. */
function attempt(probe: Probe, stdout: Uint8Array): unknown {
  const started = performance.now();
  let value: unknown;
  try {
    value = probe.parse({ stdout, exit: 0 });
  } catch (error) {
    expect(error, String(error)).toBeInstanceOf(ParseError);
    return undefined;
  } finally {
    expect(performance.now() - started).toBeLessThan(10_000);
  }
  const fits = probe.fact.safeParse(value);
  expect(fits.success, fits.success ? "" : `${probe.id}: ${fits.error.message}`).toBe(true);
  return value;
}

/** The same output with `from` replaced by `to` wherever it stands, frames made anew where it is framed. */
function renamed(stdout: string, from: string, to: string): string {
  const replace = (text: string) => text.replaceAll(from, to);
  if (!stdout.startsWith("#item ")) return replace(stdout);
  // Item names are hostText already; those of examples are ASCII.
  return parseItems(bytesOf(stdout))
    .map((item) => printItem(replace(item.name), replace(latin1(item.bytes)), item.exit))
    .join("");
}

const known = [
  "nic0",
  "nic1",
  "br0",
  "bond0",
  "tap0",
  "tap7",
  "vnet0",
  "virbr0",
  "v1",
  "eno1",
  "ens1f0",
  "blue",
  "web-01",
  "vm,,one",
  "hv-01",
  "tor-01",
  "swp1",
  "default",
];

describe.each(all.map((probe) => [probe.id, probe] as const))("hostile output of %s", (_id, probe) => {
  it("random bytes are refused, or read as something that fits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        attempt(probe, bytes);
      }),
      { numRuns: 60 },
    );
  });

  it("examples with bytes changed, taken out or put in are refused, or read as something that fits", () => {
    const examples = probe.examples.map((example) => bytesOf(example.stdout));
    fc.assert(
      fc.property(
        fc.constantFrom(...examples),
        fc.array(
          fc.record({
            at: fc.double({ min: 0, max: 1, noNaN: true }),
            drop: fc.nat({ max: 6 }),
            put: fc.uint8Array({ maxLength: 6 }),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        (bytes, edits) => {
          let changed = bytes;
          for (const { at, drop, put } of edits) {
            const place = Math.floor(at * changed.length);
            changed = Uint8Array.from([...changed.subarray(0, place), ...put, ...changed.subarray(place + drop)]);
          }
          attempt(probe, changed);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("hostile names neither break out nor touch the prototype", () => {
    for (const example of probe.examples)
      for (const from of known)
        if (example.stdout.includes(from))
          for (const to of domainNames) {
            attempt(probe, bytesOf(renamed(example.stdout, from, to)));
            expect(Object.keys({})).toEqual([]);
            expect(Object.keys(Object.prototype)).toEqual([]);
          }
  });
});

const example = (id: keyof typeof probes, at = 0): string => probes[id].examples[at]?.stdout ?? "";
const parse = (id: keyof typeof probes, stdout: string): unknown =>
  (probes[id] as Probe).parse({ stdout: bytesOf(stdout), exit: 0 });

describe("hostile names are kept as they are", () => {
  const inJson = (name: string) => name.replaceAll("\\", "\\\\").replaceAll('"', '\\"');

  it.each(interfaceNames)("interface %j", (name) => {
    const text = hostText(bytesOf(name));
    // iproute2 escapes quotes and backslashes, but not control bytes.
    expect(parse("ip-link", renamed(example("ip-link"), "nic0", inJson(name)))).toMatchObject([{ ifname: text }]);
    expect(parse("sysfs-net", renamed(example("sysfs-net"), "nic0", name))).toMatchObject([{ ifname: text }, {}, {}]);
    expect(parse("bond", renamed(example("bond"), "nic1", name))).toMatchObject([
      { active: text, members: [{}, { ifname: text }] },
    ]);
    expect(parse("bond", renamed(example("bond"), "bond0", name))).toMatchObject([{ ifname: text }]);
    expect(parse("sysctl", renamed(example("sysctl"), "br0", name))).toMatchObject({
      interfaces: [{}, { ifname: text }],
    });
    expect(parse("qemu-proc", renamed(example("qemu-proc"), "vnet0", name))).toMatchObject([
      { taps: [{ ifname: text }], nics: [{ ifname: text }] },
    ]);
    expect(parse("libvirt-state", renamed(example("libvirt-state"), "vnet0", name))).toMatchObject([
      { interfaces: [{ name: text }] },
      {},
    ]);
  });

  it.each(domainNames)("domain %j", (name) => {
    const text = hostText(bytesOf(name));
    const xml = name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    expect(parse("libvirt-state", renamed(example("libvirt-state"), "web-01", name))).toMatchObject([
      { name: text, state: "running" },
      {},
    ]);
    const [list, document] = parseItems(bytesOf(example("libvirt-domains")));
    const both =
      printItem(
        "list",
        latin1(list?.bytes ?? new Uint8Array()).replace("web-01", () => name),
      ) +
      printItem(
        "xml",
        latin1(document?.bytes ?? new Uint8Array()).replace("web-01", () => xml),
      );
    expect(parse("libvirt-domains", both)).toMatchObject([{ name: text, state: "running" }]);
  });
});

describe("XML", () => {
  it("knows no entity of the document's own, so that none can grow", () => {
    const bomb = `<!DOCTYPE d [<!ENTITY a "${"x".repeat(1000)}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
    const [list, document] = parseItems(bytesOf(example("libvirt-domains")));
    const text = latin1(document?.bytes ?? new Uint8Array()).replace("web-01", "&b;");
    const stdout = printItem("list", latin1(list?.bytes ?? new Uint8Array())) + printItem("xml", bomb + text);
    const value = attempt(probes["libvirt-domains"], bytesOf(stdout));
    if (value !== undefined) expect(value).toMatchObject([{ name: "&b;" }]);
  });
});
