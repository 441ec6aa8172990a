import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { afterGap, later, shortly } from "./delays";
import { printItem } from "./items";
import { type DomainStats, domainStates, parseDomstats, stateOf, uuidNames, virshShell } from "./libvirt";
import { linesOf, partsOf, whole } from "./parts";

const Counters = z.object({ bytes: z.number(), pkts: z.number(), errs: z.number(), drop: z.number() });

export const DomainNow = z.object({
  uuid: z.string(),
  name: z.string(),
  /** Missing where libvirt gave none. */
  state: z.enum(domainStates).optional(),
  /** In the words of `virsh domstate --reason`, e.g. "booted", "I/O error", "crashed". */
  reason: z.string().optional(),
  /** Running domains only, in the order of the XML. `rx` is what the guest receives. Counters that libvirt cannot read (direct, hostdev) are missing. */
  interfaces: z.array(z.object({ name: z.string(), rx: Counters.optional(), tx: Counters.optional() })),
});
export type DomainNow = z.infer<typeof DomainNow>;

function counters(stats: DomainStats, prefix: string): z.output<typeof Counters> | undefined {
  const get = (key: string) => {
    const value = stats.values.get(`${prefix}.${key}`);
    return value === undefined ? undefined : whole(value, `${prefix}.${key}`);
  };
  const [bytes, pkts, errs, drop] = [get("bytes"), get("pkts"), get("errs"), get("drop")];
  if (bytes === undefined || pkts === undefined || errs === undefined || drop === undefined) return undefined;
  return { bytes, pkts, errs, drop };
}

function interfaces(stats: DomainStats | undefined): DomainNow["interfaces"] {
  const count = stats?.values.get("net.count");
  if (stats === undefined || count === undefined) return [];
  const names: DomainNow["interfaces"] = [];
  for (let at = 0; at < Math.min(whole(count, "net.count"), 1000); at++) {
    const name = stats.values.get(`net.${at}.name`);
    if (name === undefined) continue;
    names.push({ name, rx: counters(stats, `net.${at}.rx`), tx: counters(stats, `net.${at}.tx`) });
  }
  return names;
}

/**
 * State of every libvirt domain and the interfaces of the running ones: one short virsh call however many domains there are, so that it can be read with
 * every sweep. What the domains are made of is in `libvirt-domains`, which is dearer. Join the two by `uuid`; this one is the fresher.
 *
 * Sample (libvirt 9.0), item `domains`: `5b000000-0000-4000-8000-000000000001 web-01`, then
 * `Domain: 'web-01'`, `  state.state=1`, `  state.reason=1`, `  net.count=1`, `  net.0.name=vnet0`, `  net.0.rx.bytes=6214`, ...
 */
export const probe = defineProbe({
  id: "libvirt-state",
  title: { en: "State of libvirt guests", zh: "libvirt 虚拟机状态" },
  tier: "fast",
  // A TAP that comes or goes is a guest that starts or stops.
  rereadOn: { "ip-monitor:come-or-gone": later, "virsh-event:guest": shortly, "virsh-event:gap": afterGap },
  mayAppear: true,
  volatile: ["rx", "tx"],
  command: "virsh -r list --all --uuid --name; virsh -r domstats --state --interface",
  script: `${virshShell}first "list --all --uuid --name; domstats --state --interface"; item domains printf '%s\\n' "$l"`,
  privilege: "partial",
  timeoutMs: 10_000,
  maxBytes: 8_388_608,
  fact: z.array(DomainNow),
  parse: (raw) => {
    const lines = linesOf(partsOf(raw, ["domains"])("domains"));
    // A line of the list begins with a UUID, so it never looks like the head of a block.
    const at = lines.findIndex((line) => line.startsWith("Domain: '"));
    const stats = new Map(parseDomstats(at < 0 ? [] : lines.slice(at)).map((block) => [block.name, block]));
    const list = uuidNames(at < 0 ? lines : lines.slice(0, at));
    if (list.length > 0 && stats.size === 0) throw new ParseError("domstats is silent about all domains");
    return list.map(({ uuid, name }) => ({
      uuid,
      name,
      ...stateOf(stats.get(name)),
      interfaces: interfaces(stats.get(name)),
    }));
  },
  sources: [
    "https://www.libvirt.org/manpages/virsh.html#domstats",
    "https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainState",
  ],
  examples: [
    {
      name: "one guest that runs, one shut off",
      stdout: printItem(
        "domains",
        "5b000000-0000-4000-8000-000000000001 web-01\n5b000000-0000-4000-8000-000000000002 web-02\n\nDomain: 'web-01'\n  state.state=1\n  state.reason=1\n  net.count=1\n  net.0.name=vnet0\n  net.0.rx.bytes=6214\n  net.0.rx.pkts=105\n  net.0.rx.errs=0\n  net.0.rx.drop=0\n  net.0.tx.bytes=1356\n  net.0.tx.pkts=20\n  net.0.tx.errs=0\n  net.0.tx.drop=0\n\nDomain: 'web-02'\n  state.state=5\n  state.reason=1\n",
      ),
      expect: [
        {
          uuid: "5b000000-0000-4000-8000-000000000001",
          name: "web-01",
          state: "running",
          reason: "booted",
          interfaces: [
            {
              name: "vnet0",
              rx: { bytes: 6214, pkts: 105, errs: 0, drop: 0 },
              tx: { bytes: 1356, pkts: 20, errs: 0, drop: 0 },
            },
          ],
        },
        {
          uuid: "5b000000-0000-4000-8000-000000000002",
          name: "web-02",
          state: "shut off",
          reason: "shutdown",
          interfaces: [],
        },
      ],
    },
  ],
});
