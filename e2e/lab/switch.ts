/**
 * The physical switch: a bridge in a network namespace, whose ports are the other ends of the virtual
 * hypervisor's NICs, with an lldpd that announces each port and an address that plays the gateway.
 * A Linux bridge keeps LLDP frames to itself (link-local group addresses are not forwarded), and lldpd
 * listens on the ports below it, so it sees and sends what a real switch port would.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hypervisor, type NicName, physical } from "./config";
import { LabError, type Output, type RunOptions, run, startDetached, tryRun, waitFor } from "./run";

const { namespace, bridge, gateway, prefix, outside, lldpSystemName } = physical;

/** Name of a tap while QEMU still has to open it, in the machine's own namespace. */
export const tapName = (nic: NicName): string => `${namespace.replace("taproot-", "tr")}${nic.at(-1)}`;

const inside = (argv: readonly string[]): readonly string[] => ["ip", "netns", "exec", namespace, ...argv];

export class Switch {
  /** Makes the namespace, the bridge, the gateway, and one tap for each NIC where QEMU can open it. */
  static async create(): Promise<Switch> {
    await Switch.destroy();
    await run(["ip", "netns", "add", namespace]);
    const it = new Switch();
    // arp_ignore 1: each interface answers for its own addresses only. Else the router's port answers for the gateway as well, and one address with
    // two MACs is just what a check rightly accuses.
    await it.exec([
      "sysctl",
      "-qw",
      "net.ipv6.conf.default.disable_ipv6=1",
      "net.ipv4.ip_forward=1",
      "net.ipv4.conf.all.arp_ignore=1",
    ]);
    await it.exec(["ip", "link", "set", "lo", "up"]);
    await it.exec(["ip", "link", "add", bridge, "type", "bridge", "stp_state", "0", "forward_delay", "0"]);
    await it.exec(["ip", "link", "set", bridge, "address", "52:54:00:4c:ff:01", "up"]);
    await it.exec(["ip", "addr", "add", `${gateway}/${prefix}`, "dev", bridge]);
    await it.exec(["ip", "addr", "add", `${outside}/32`, "dev", "lo"]);
    for (const nic of hypervisor.nics) {
      await run(["ip", "tuntap", "add", "dev", tapName(nic.name), "mode", "tap"]);
    }
    return it;
  }

  /** QEMU holds the taps by file descriptor, so they can move into the namespace under its feet. */
  async plug(runDir: string, logFd: number): Promise<void> {
    for (const nic of hypervisor.nics) {
      await run(["ip", "link", "set", tapName(nic.name), "netns", namespace, "name", nic.port]);
      // Always the same: the switch's LLDP identity comes from its ports' addresses and must not change with a restart.
      await this.exec(["ip", "link", "set", nic.port, "address", `52:54:00:4c:ff:1${nic.port.at(-1)}`]);
      await this.exec(["ip", "link", "set", nic.port, "master", bridge, "up"]);
    }
    await this.startLldpd(runDir, logFd);
  }

  /** Puts everything that a case may have touched back as it was. */
  async reset(): Promise<void> {
    for (const nic of hypervisor.nics) {
      await this.exec(["ip", "link", "set", nic.port, "up", "mtu", "1500", "carrier", "on", "master", bridge]);
    }
    await this.exec(["ip", "link", "set", bridge, "up", "mtu", "1500"]);
    await this.exec(["sysctl", "-qw", `net.ipv4.conf.${bridge}.arp_ignore=0`]);
    await this.exec(["ip", "addr", "replace", `${gateway}/${prefix}`, "dev", bridge]);
    await this.exec(["ip", "neigh", "flush", "all"]);
    await this.exec(["nft", "flush", "ruleset"]);
    await this.forgetMacs();
  }

  /** A switch port that lost its link forgets whom it saw there. */
  async forgetMacs(port?: string): Promise<void> {
    await this.exec([
      "ip",
      "link",
      "set",
      ...(port ? [port, "type", "bridge_slave"] : [bridge, "type", "bridge"]),
      "fdb_flush",
    ]);
  }

  async setCarrier(port: string, on: boolean): Promise<void> {
    await this.exec(["ip", "link", "set", port, "carrier", on ? "on" : "off"]);
    if (!on) await this.forgetMacs(port);
  }

  exec(argv: readonly string[], options?: RunOptions): Promise<string> {
    return run(inside(argv), options);
  }

  tryExec(argv: readonly string[], options?: RunOptions): Promise<Output> {
    return tryRun(inside(argv), options);
  }

  async pings(address: string, count = 1, waitSeconds = 2): Promise<boolean> {
    const argv = ["ping", "-n", "-q", "-c", String(count), "-i", "0.3", "-W", String(waitSeconds), address];
    const { status, stderr } = await this.tryExec(argv, { timeoutMs: (count + waitSeconds + 5) * 1000 });
    if (status > 1) throw new LabError(`ping from the switch could not run: ${stderr}`);
    return status === 0;
  }

  /** What a trunk port's LLDP says (IEEE 802.1 TLVs, OUI 00-80-c2): subtype 1 is the untagged VLAN, 3 a tagged one with its name. */
  async announceVlans(
    runDir: string,
    tagged: readonly { readonly vid: number; readonly name: string }[],
    ports: readonly string[] = hypervisor.nics.map(({ port }) => port),
  ): Promise<void> {
    const lldp = (words: string) => run(["lldpcli", "-u", join(runDir, "lldpd.sock"), ...words.split(" ")]);
    for (const port of ports) {
      await lldp(`unconfigure ports ${port} lldp custom-tlv`);
      if (tagged.length === 0) continue;
      await lldp(`configure ports ${port} lldp custom-tlv add oui 00,80,c2 subtype 1 oui-info 00,01`);
      for (const { vid, name } of tagged) {
        const info = [vid >> 8, vid & 255, name.length, ...Buffer.from(name)];
        const hex = info.map((byte) => byte.toString(16).padStart(2, "0")).join(",");
        await lldp(`configure ports ${port} lldp custom-tlv add oui 00,80,c2 subtype 3 oui-info ${hex}`);
      }
    }
  }

  private async startLldpd(runDir: string, logFd: number): Promise<void> {
    const config = join(runDir, "lldpd.conf");
    const socket = join(runDir, "lldpd.sock");
    await mkdir("/run/lldpd", { recursive: true }); // its chroot
    // One frame a second: a restored hypervisor then knows its neighbours again before anyone looks.
    await writeFile(
      config,
      [
        `configure system hostname ${lldpSystemName}`,
        "configure system description 'Lab switch, bridge in a namespace'",
        "configure system interface pattern swp*",
        "configure lldp portidsubtype ifname",
        "configure lldp tx-interval 1",
        "configure lldp tx-hold 20",
        "",
      ].join("\n"),
    );
    const child = startDetached(inside(["lldpd", "-d", "-u", socket, "-O", config]), logFd);
    await waitFor(
      "lldpd of the switch answers on its socket",
      async () => {
        if (child.exitCode !== null) throw new LabError(`lldpd of the switch ended with status ${child.exitCode}`);
        return (await tryRun(["lldpcli", "-u", socket, "show", "configuration"])).status === 0;
      },
      { timeoutMs: 15_000 },
    );
  }

  /** Ends every process in the namespace and removes it; safe when there is nothing, or half of it. */
  static async destroy(): Promise<void> {
    const { status, stdout } = await tryRun(["ip", "netns", "pids", namespace]);
    const pids = status === 0 ? stdout.split("\n").filter(Boolean).map(Number) : [];
    for (const pid of pids) signal(pid, "SIGTERM");
    await waitFor(
      `processes in ${namespace} end`,
      async () => {
        const left = (await tryRun(["ip", "netns", "pids", namespace])).stdout.trim();
        return left === "";
      },
      { timeoutMs: 5_000 },
    ).catch(() => {
      for (const pid of pids) signal(pid, "SIGKILL");
    });
    const names = (await run(["ip", "netns", "list"])).split("\n").map((line) => line.split(" ")[0]);
    if (names.includes(namespace)) await run(["ip", "netns", "del", namespace]);
    for (const nic of hypervisor.nics) {
      await tryRun(["ip", "link", "del", tapName(nic.name)]); // only there if QEMU never got as far as plug()
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it ended by itself
  }
}
