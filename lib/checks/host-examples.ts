import type { Facts } from "../facts/facts";
import type { FactOf } from "../probes/registry";
import { factsOf } from "./testing";

/** Healthy values of the probes that tell of the host as a whole: for examples of checks. They equal what the lab prints. */
export const healthyResources: FactOf<"resources"> = {
  pressure: {
    cpu: { some: { avg10: 4.2, avg60: 3.1, avg300: 2.8, total: 23_413_767 } },
    memory: {
      some: { avg10: 0, avg60: 0, avg300: 0, total: 0 },
      full: { avg10: 0, avg60: 0, avg300: 0, total: 0 },
    },
    io: { some: { avg10: 0, avg60: 0.01, avg300: 0, total: 253_405 } },
  },
  load: { one: 0.52, five: 0.58, fifteen: 0.59 },
  cpus: 2,
  ticks: { user: 1000, nice: 0, system: 500, idle: 98_000, iowait: 100, irq: 0, softirq: 100, steal: 0 },
  memory: { total: 2_019_564, available: 1_402_188, swapTotal: 0, swapFree: 0 },
  swap: { in: 0, out: 0 },
  oomKills: 0,
  softnet: [
    { cpu: 0, processed: 444, dropped: 0, squeezed: 5 },
    { cpu: 1, processed: 150, dropped: 0, squeezed: 4 },
  ],
  conntrack: { count: 2, max: 65_536 },
  neighbours: [
    { family: "inet", entries: 4, tableFulls: 0, unresolvedDiscards: 0, failed: 0, forcedCollections: 0 },
    { family: "inet6", entries: 6, tableFulls: 0, unresolvedDiscards: 0, failed: 0, forcedCollections: 0 },
  ],
  rpFilterDrops: 0,
};

const node = (path: string, mode: string, group: string) => ({
  path,
  type: "character special file",
  mode,
  user: "root",
  group,
});

export const healthySupport: FactOf<"virt-support"> = {
  cpuFlag: "svm",
  modules: ["kvm_amd", "kvm", "vhost_net", "tun", "vhost", "br_netfilter", "bridge", "8021q", "bonding"],
  builtin: [],
  files: [node("/dev/kvm", "660", "kvm"), node("/dev/net/tun", "666", "root"), node("/dev/vhost-net", "660", "kvm")],
};

export const unit = (id: string, more: Partial<FactOf<"units">[number]> = {}): FactOf<"units">[number] => ({
  id,
  loadState: "loaded",
  activeState: "active",
  subState: "running",
  unitFileState: "enabled",
  result: "success",
  restarts: 0,
  exitStatus: 0,
  changedAt: 12.3,
  ...more,
});

export const failed = { activeState: "failed", subState: "failed", result: "exit-code", exitStatus: 1 } as const;
export const stopped = { activeState: "inactive", subState: "dead" } as const;

export const healthyUnits: FactOf<"units"> = [
  unit("libvirtd.service", { triggeredBy: "libvirtd.socket libvirtd-ro.socket", mainPid: 540 }),
  unit("libvirtd.socket"),
  unit("libvirtd-ro.socket"),
  unit("networking.service", { subState: "exited" }),
  unit("NetworkManager.service", { ...stopped, unitFileState: "disabled" }),
  unit("chrony.service", { ...stopped, unitFileState: "disabled" }),
  unit("lldpd.service", { mainPid: 600 }),
];

/** Read at 1,000,000 ms by our clock, in 200 ms, when the host's clock said the same. */
export const healthyClock: FactOf<"clock"> = {
  epochMs: 999_900,
  fine: true,
  uptimeSeconds: 9_000,
  timedatectl: { synchronized: true, ntp: true, timezone: "Etc/UTC" },
};

export const healthySysctl: FactOf<"sysctl"> = {
  values: {
    "net.ipv4.ip_forward": 1,
    "net.ipv4.neigh.default.gc_thresh1": 128,
    "net.ipv4.neigh.default.gc_thresh2": 512,
    "net.ipv4.neigh.default.gc_thresh3": 1024,
    "net.ipv6.neigh.default.gc_thresh1": 128,
    "net.ipv6.neigh.default.gc_thresh2": 512,
    "net.ipv6.neigh.default.gc_thresh3": 1024,
    "net.core.netdev_max_backlog": 1000,
    "net.core.netdev_budget": 300,
    "net.core.netdev_budget_usecs": 8000,
    "net.netfilter.nf_conntrack_max": 65_536,
    "net.bridge.bridge-nf-call-iptables": 0,
    "net.bridge.bridge-nf-call-ip6tables": 0,
  },
  interfaces: [],
};

/** A line of the kernel's log; `time` in seconds since boot. */
export const logLine = (time: number, text: string, level = 4): FactOf<"kernel-log">[number] => ({
  level,
  kernel: true,
  time,
  text,
});

/** The given facts with healthy values of the probes about the host as a whole. */
export const withHost = (facts: Facts): Facts => ({
  ...facts,
  ...factsOf({
    resources: healthyResources,
    "virt-support": healthySupport,
    units: healthyUnits,
    sysctl: healthySysctl,
    "kernel-log": [logLine(36.1, "br0: port 2(vnet0) entered forwarding state", 6)],
  }),
  clock: { ok: true, value: healthyClock, at: 1_000_000, ms: 200 },
});
