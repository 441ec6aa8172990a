/**
 * The gateways of the tagged VLANs: an Open vSwitch in user space, in the switch's namespace, on a stick behind its
 * bridge. Many kernels, ours among them, lack 802.1Q; Open vSwitch's `netdev` datapath tags without it
 * (its manual, "Open vSwitch without Kernel Support"). The daemons are the lab's own, apart from any of the system.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { physical, vlans } from "./config";
import { run, startDetached, tryRun, waitFor } from "./run";

const schema = "/usr/share/openvswitch/vswitch.ovsschema";
const inside = (argv: readonly string[]): readonly string[] => ["ip", "netns", "exec", physical.namespace, ...argv];

/** Starts it once for the life of the namespace. */
export async function ensureRouter(runDir: string, logFd: number): Promise<void> {
  const dir = join(runDir, "ovs");
  const socket = join(dir, "db.sock");
  const vsctl = (...argv: string[]) => run(inside(["ovs-vsctl", `--db=unix:${socket}`, "--timeout=10", ...argv]));
  if ((await tryRun(inside(["ip", "link", "show", "rtr"]))).status === 0) return;
  await mkdir(dir, { recursive: true });
  await run(["ovsdb-tool", "create", join(dir, "conf.db"), schema]);
  const db = ["ovsdb-server", join(dir, "conf.db"), `--remote=punix:${socket}`, `--unixctl=${join(dir, "db.ctl")}`];
  startDetached(inside(db), logFd);
  await waitFor(
    "the router's database answers",
    async () => (await tryRun(["ovs-vsctl", `--db=unix:${socket}`, "--timeout=1", "--no-wait", "init"])).status === 0,
    { timeoutMs: 15_000 },
  );
  startDetached(
    inside(["env", `OVS_RUNDIR=${dir}`, "ovs-vswitchd", `unix:${socket}`, `--unixctl=${join(dir, "vs.ctl")}`]),
    logFd,
  );

  await run(inside(["ip", "link", "add", "stick", "type", "veth", "peer", "name", "stick-r"]));
  for (const end of ["stick", "stick-r"]) {
    // The datapath copies frames as they are: a checksum that nobody has filled in yet would stay wrong.
    await run(inside(["ethtool", "-K", end, "tx", "off"]));
    await run(inside(["ip", "link", "set", end, "up"]));
  }
  await run(inside(["ip", "link", "set", "stick", "master", physical.bridge]));
  await vsctl(
    "add-br",
    "rtr",
    "--",
    "set",
    "bridge",
    "rtr",
    "datapath_type=netdev",
    "--",
    "add-port",
    "rtr",
    "stick-r",
    `trunks=0,${vlans.map(({ vid }) => vid).join(",")}`,
  );
  for (const { vid, gateway } of vlans) {
    await vsctl(
      "add-port",
      "rtr",
      `vlan${vid}`,
      `tag=${vid}`,
      "--",
      "set",
      "interface",
      `vlan${vid}`,
      "type=internal",
      `mac="52:54:00:4c:fe:${vid}"`,
    );
    await run(inside(["ip", "addr", "add", `${gateway}/24`, "dev", `vlan${vid}`]));
    await run(inside(["ip", "link", "set", `vlan${vid}`, "up"]));
    await run(inside(["ethtool", "-K", `vlan${vid}`, "tx", "off"]));
  }
}
