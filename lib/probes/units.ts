import { z } from "zod";
import { defineProbe, ParseError } from "./define";
import { printItem } from "./items";
import { linesOf, partsOf } from "./parts";

/** One systemd unit that is on the host. */
export const Unit = z.object({
  id: z.string(),
  /** loaded, masked, error, bad-setting. */
  loadState: z.string(),
  /** active, inactive, failed, activating, deactivating, reloading. */
  activeState: z.string(),
  subState: z.string(),
  /** enabled, disabled, static, masked, indirect... Missing on transient units. */
  unitFileState: z.string().optional(),
  /** success, exit-code, signal, timeout, core-dump, watchdog, oom-kill... */
  result: z.string().optional(),
  restarts: z.number().optional(),
  exitStatus: z.number().optional(),
  mainPid: z.number().optional(),
  /** Seconds since boot at which it last changed its state. */
  changedAt: z.number().optional(),
  triggeredBy: z.string().optional(),
});
export type Unit = z.infer<typeof Unit>;

const units = [
  ..."libvirtd.service libvirtd.socket libvirtd-ro.socket virtqemud.service virtqemud.socket".split(" "),
  ..."virtnetworkd.service virtnetworkd.socket virtlogd.service virtlockd.service libvirt-guests.service".split(" "),
  ..."NetworkManager.service systemd-networkd.service systemd-networkd.socket networking.service network.service".split(
    " ",
  ),
  ..."wicked.service".split(" "),
  ..."openvswitch-switch.service openvswitch.service ovs-vswitchd.service ovsdb-server.service".split(" "),
  ..."dnsmasq.service isc-dhcp-server.service kea-dhcp4-server.service lldpd.service".split(" "),
  ..."chrony.service chronyd.service ntp.service ntpd.service ntpsec.service systemd-timesyncd.service".split(" "),
  ..."ufw.service firewalld.service nftables.service iptables.service ebtables.service fail2ban.service".split(" "),
  ..."docker.service containerd.service podman.service kubelet.service".split(" "),
  ..."qemu-guest-agent.service irqbalance.service tuned.service pve-cluster.service pvedaemon.service".split(" "),
] as const;

const properties = [
  "Id",
  "LoadState",
  "ActiveState",
  "SubState",
  "UnitFileState",
  "Result",
  "NRestarts",
  "ExecMainStatus",
  "MainPID",
  "StateChangeTimestampMonotonic",
  "TriggeredBy",
] as const;

function readUnit(block: readonly string[]): Unit | undefined {
  const values = new Map<string, string>();
  for (const line of block) {
    const equals = line.indexOf("=");
    if (equals < 0) throw new ParseError(`units: no property: ${JSON.stringify(line.slice(0, 80))}`);
    values.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const need = (key: string) => {
    const value = values.get(key);
    if (value === undefined) throw new ParseError(`units: ${key} is missing`);
    return value;
  };
  const text = (key: string) => values.get(key) || undefined;
  const number = (key: string) => {
    const value = values.get(key);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  if (need("LoadState") === "not-found") return undefined;
  const changed = number("StateChangeTimestampMonotonic");
  return {
    id: need("Id"),
    loadState: need("LoadState"),
    activeState: need("ActiveState"),
    subState: need("SubState"),
    unitFileState: text("UnitFileState"),
    result: text("Result"),
    restarts: number("NRestarts"),
    exitStatus: number("ExecMainStatus"),
    mainPid: number("MainPID") || undefined,
    changedAt: changed ? changed / 1e6 : undefined,
    triggeredBy: text("TriggeredBy"),
  };
}

/**
 * State of the services that guests' networking hangs on. Units that are not on the host are left out.
 *
 * Sample (systemd 252): blocks of `Id=libvirtd.service`, `LoadState=loaded`, `ActiveState=active`, `SubState=running`, `UnitFileState=enabled`, ... with an empty line
 * between; an unknown unit has `LoadState=not-found`
 */
export const probe = defineProbe({
  id: "units",
  title: { en: "Services", zh: "系统服务" },
  tier: "slow",
  command: "systemctl show -p Id,LoadState,ActiveState,SubState,Result UNIT...",
  script: `need systemctl; [ -d /run/systemd/system ] || exit 127
item units systemctl show --no-pager -p ${properties.join(",")} ${units.join(" ")}`,
  privilege: "none",
  timeoutMs: 10_000,
  maxBytes: 262_144,
  fact: z.array(Unit),
  parse: (raw) => {
    const blocks: string[][] = [[]];
    for (const line of linesOf(partsOf(raw, ["units"])("units")))
      if (line === "") blocks.push([]);
      else blocks.at(-1)?.push(line);
    const read = blocks.filter((block) => block.length > 0).map(readUnit);
    return read.flatMap((unit) => unit ?? []);
  },
  sources: ["https://www.freedesktop.org/software/systemd/man/latest/systemctl.html"],
  examples: [
    {
      name: "libvirtd runs, a failed dnsmasq, no virtqemud",
      stdout: printItem(
        "units",
        "Result=success\nNRestarts=0\nExecMainStatus=0\nMainPID=540\nId=libvirtd.service\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\nTriggeredBy=libvirtd.socket libvirtd-ro.socket\nStateChangeTimestampMonotonic=12345678\n\nResult=exit-code\nNRestarts=5\nExecMainStatus=2\nMainPID=0\nId=dnsmasq.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=enabled\nStateChangeTimestampMonotonic=99000000\n\nResult=success\nId=virtqemud.service\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\nStateChangeTimestampMonotonic=0\n",
      ),
      expect: [
        {
          id: "libvirtd.service",
          loadState: "loaded",
          activeState: "active",
          subState: "running",
          unitFileState: "enabled",
          result: "success",
          restarts: 0,
          exitStatus: 0,
          mainPid: 540,
          changedAt: 12.345678,
          triggeredBy: "libvirtd.socket libvirtd-ro.socket",
        },
        {
          id: "dnsmasq.service",
          loadState: "loaded",
          activeState: "failed",
          subState: "failed",
          unitFileState: "enabled",
          result: "exit-code",
          restarts: 5,
          exitStatus: 2,
          changedAt: 99,
        },
      ],
    },
  ],
});
