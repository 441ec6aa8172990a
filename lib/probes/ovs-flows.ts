import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { printItem } from "./items";
import { linesOf, partsOf } from "./parts";
import { rootCommand, rootScript } from "./root-script";

/** A flow that floods names each port: OpenFlow messages, actions included, end at 65,535 bytes, and their text is some times as long. */
const flowMost = 524_288;

/** What one Open vSwitch bridge does with frames now. */
export const OvsFlows = z.object({
  bridge: z.string(),
  /** Up to 2,000, hidden ones of Open vSwitch itself included, in the order of the switch. */
  flows: z.array(z.object({ table: z.number(), priority: z.number(), packets: z.number(), text: z.string() })),
  /** Learned addresses. `port` is the OpenFlow port, "LOCAL" for the bridge's own. */
  fdb: z.array(z.object({ port: z.string(), vlan: z.number(), mac: z.string(), age: z.number().optional() })),
});
export type OvsFlows = z.infer<typeof OvsFlows>;

/** Names of bridges come from ovsdb as words; `@` begins no line of flows or of the table. One constant text, so that a sudoers line can allow it. */
const bridges = rootCommand("ovs-vsctl --timeout=5 list-br");
const read = rootScript(
  'l=$(ovs-vsctl --timeout=5 list-br) || exit 1; for b in $l; do echo "@ $b"; ovs-appctl -T 5 bridge/dump-flows "$b" | head -n 2000; ovs-appctl -T 5 fdb/show "$b"; done; echo "#end"',
);

/**
 * Flows and learned addresses of each Open vSwitch bridge.
 *
 * Sample (Open vSwitch 3.1): `@ ovsbr0`, `duration=1s, priority=10, n_packets=0, n_bytes=0, priority=10,in_port=1,actions=drop`, ` port  VLAN  MAC                Age`,
 * `    2     0  26:7c:03:40:9b:fc   11`, `#end`
 */
export const probe = defineProbe({
  id: "ovs-flows",
  title: { en: "Open vSwitch flows", zh: "Open vSwitch 流表" },
  tier: "slow",
  command: "ovs-appctl bridge/dump-flows BRIDGE; ovs-appctl fdb/show BRIDGE",
  script: `need ovs-appctl
# Installed, not running, and no datapath of it in the kernel: nobody uses it here. Whether it should run is for the check of its units to say.
[ -S /var/run/openvswitch/db.sock ] || [ -e /sys/class/net/ovs-system ] || [ -e /sys/class/net/ovs-netdev ] || exit 127
o=$(try_root ${read} 2>/dev/null </dev/null) && { item flows printf '%s\\n' "$o"; exit 0; }
o=$(try_root ${bridges} 2>&1 </dev/null)
case $o in *ermission*) exit 77 ;; esac
printf '%s\\n' "$o" >&2; exit 1`,
  privilege: "root",
  sudo: [read, bridges],
  timeoutMs: 20_000,
  maxBytes: 16_777_216,
  fact: z.array(OvsFlows),
  parse: (raw) => {
    const found: OvsFlows[] = [];
    const lines = linesOf(partsOf(raw, ["flows"])("flows"), flowMost);
    if (lines.pop() !== "#end") throw new ParseError("ovs-flows: output is cut");
    for (const line of lines) {
      const bridge = found.at(-1);
      const entry = /^ *(\S+) +(\d+) +([0-9a-f:]{17}) +(\d+|\S+) *$/.exec(line);
      if (line.startsWith("@ ")) found.push({ bridge: line.slice(2), flows: [], fdb: [] });
      else if (!bridge) throw new ParseError("ovs-flows: a line before its bridge");
      else if (line.includes("actions="))
        bridge.flows.push({
          table: Number(/\btable_id=(\d+)/.exec(line)?.[1] ?? 0),
          priority: Number(/\bpriority=(\d+)/.exec(line)?.[1] ?? 32768),
          packets: Number(/\bn_packets=(\d+)/.exec(line)?.[1] ?? 0),
          text: line.trim(),
        });
      else if (entry)
        bridge.fdb.push({
          port: entry[1] ?? "",
          vlan: Number(entry[2]),
          mac: entry[3] ?? "",
          age: /^\d+$/.test(entry[4] ?? "") ? Number(entry[4]) : undefined,
        });
      else if (line.trim() !== "" && !/^ *port +VLAN +MAC +Age/.test(line))
        throw new ParseError(`ovs-flows: cannot read the line ${JSON.stringify(line.slice(0, 80))}`);
    }
    return found;
  },
  sources: ["https://docs.openvswitch.org/en/latest/ref/ovs-vswitchd.8/"],
  examples: [
    {
      name: "a flow that drops, one learned address",
      stdout: printItem(
        "flows",
        "@ ovsbr0\nduration=253s, n_packets=12, n_bytes=840, priority=10,in_port=1,actions=drop\ntable_id=254, duration=2318s, n_packets=164, n_bytes=20120, priority=0,reg0=0x2,actions=drop\n port  VLAN  MAC                Age\n    2    42  26:7c:03:40:9b:fc   11\nLOCAL     0  da:10:e7:37:55:44    2\n#end\n",
      ),
      expect: [
        {
          bridge: "ovsbr0",
          flows: [
            {
              table: 0,
              priority: 10,
              packets: 12,
              text: "duration=253s, n_packets=12, n_bytes=840, priority=10,in_port=1,actions=drop",
            },
            {
              table: 254,
              priority: 0,
              packets: 164,
              text: "table_id=254, duration=2318s, n_packets=164, n_bytes=20120, priority=0,reg0=0x2,actions=drop",
            },
          ],
          fdb: [
            { port: "2", vlan: 42, mac: "26:7c:03:40:9b:fc", age: 11 },
            { port: "LOCAL", vlan: 0, mac: "da:10:e7:37:55:44", age: 2 },
          ],
        },
      ],
    },
  ],
});
