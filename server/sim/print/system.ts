import type { SimLink, SimState } from "../model";
import type { Parts } from "./libvirt";

const services = [
  "libvirtd.service",
  "virtlogd.service",
  "networking.service",
  "lldpd.service",
  "chrony.service",
  "irqbalance.service",
];

/** Parts of the probe units: what a Debian hypervisor runs, all well. */
export function units(): Parts {
  const blocks = services.map((id, at) =>
    [
      "Result=success",
      "NRestarts=0",
      "ExecMainStatus=0",
      `MainPID=${600 + at}`,
      `Id=${id}`,
      "LoadState=loaded",
      "ActiveState=active",
      "SubState=running",
      "UnitFileState=enabled",
      `StateChangeTimestampMonotonic=${12_000_000 + at * 100_000}`,
    ].join("\n"),
  );
  return [["units", blocks.join("\n\n")]];
}

const globals: readonly (readonly [path: string, value: number])[] = [
  ["net/ipv4/ip_forward", 1],
  ["net/ipv4/icmp_echo_ignore_all", 0],
  ["net/ipv4/icmp_echo_ignore_broadcasts", 1],
  ["net/ipv4/ip_nonlocal_bind", 0],
  ["net/ipv4/neigh/default/gc_thresh1", 128],
  ["net/ipv4/neigh/default/gc_thresh2", 512],
  ["net/ipv4/neigh/default/gc_thresh3", 1024],
  ["net/ipv6/neigh/default/gc_thresh1", 128],
  ["net/ipv6/neigh/default/gc_thresh2", 512],
  ["net/ipv6/neigh/default/gc_thresh3", 1024],
  ["net/ipv6/conf/all/forwarding", 0],
  ["net/ipv6/icmp/echo_ignore_all", 0],
  ["net/netfilter/nf_conntrack_max", 262_144],
  ["net/netfilter/nf_conntrack_buckets", 262_144],
  ["net/core/netdev_max_backlog", 1000],
  ["net/core/netdev_budget", 300],
  ["net/core/netdev_budget_usecs", 8000],
  ["net/core/dev_weight", 64],
  ["vm/swappiness", 60],
];

const perLink: readonly (readonly [key: string, value: number])[] = [
  ["rp_filter", 2],
  ["arp_ignore", 0],
  ["arp_announce", 0],
  ["arp_filter", 0],
  ["arp_accept", 0],
  ["proxy_arp", 0],
  ["proxy_arp_pvlan", 0],
  ["accept_local", 0],
  ["forwarding", 1],
  ["log_martians", 0],
  ["route_localnet", 0],
];

/** What the probe sysctl greps out of /proc/sys, with its end mark. */
export function sysctl(state: SimState): string {
  const lines = globals.map(([path, value]) => `/proc/sys/${path}:${value}`);
  for (const name of ["all", "default", ...[...state.links.values()].map((link) => link.name)])
    for (const [key, value] of perLink) lines.push(`/proc/sys/net/ipv4/conf/${name}/${key}:${value}`);
  return `${[...lines, "#end"].join("\n")}\n`;
}

/** Parts of the probe kernel-log: `dmesg` raw, with its priorities. */
export function kernelLog(state: SimState): Parts {
  const lines = state.kernelLog.map(({ at, priority, text }) => `<${priority}>[${at.toFixed(6).padStart(12)}] ${text}`);
  return [["dmesg", ["<6>[    0.000000] Linux version 6.1.0-28-amd64", ...lines].join("\n")]];
}

const nicsOf = (state: SimState): SimLink[] => [...state.links.values()].filter((link) => link.pci !== undefined);

/** What the probe pci-net reads of /sys/bus/pci, with its end mark. */
export function pciNet(state: SimState): string {
  const lines = nicsOf(state).flatMap((nic) => [
    `${nic.pci} class 0x020000`,
    `${nic.pci} vendor 0x8086`,
    `${nic.pci} device 0x1572`,
    `${nic.pci} numa_node 0`,
    `${nic.pci} driver ${nic.driver ?? "ixgbe"}`,
    `${nic.pci} net ${nic.name}`,
  ]);
  return `${[...lines, "#end"].join("\n")}\n`;
}

/** Parts of the probe virt-support: everything there. */
export function virtSupport(): Parts {
  return [
    ["cpu", "vmx"],
    ["modules", "kvm_intel\nkvm\ntun\nvhost_net\nvhost\nbridge\nbonding\n8021q"],
    ["builtin", "#"],
    [
      "files",
      [
        "/dev/kvm|character special file|660|root|kvm|0|104",
        "/dev/net/tun|character special file|666|root|root|0|0",
        "/dev/vhost-net|character special file|600|root|root|0|0",
        "/sys/devices/virtual/misc/tun|directory|755|root|root|0|0",
        "/usr/lib/qemu/qemu-bridge-helper|regular file|4755|root|root|0|0",
      ].join("\n"),
    ],
    ["caps", "#"],
    ["loadable", "#\nkvm-intel\ntun\nvhost_net"],
    ["conf", ""],
  ];
}

const cpus = 8;
const hex = (value: number) => (value >>> 0).toString(16).padStart(8, "0");

/** What the probe resources greps out of /proc, with its end mark: a host with little to do, its counters growing with time. */
export function resources(state: SimState, now: number): string {
  const seconds = Math.max(1, Math.floor((now - state.bootedAt) / 1000));
  const calm = (kind: string) => `${kind} avg10=0.00 avg60=0.00 avg300=0.00 total=${seconds * 3}`;
  const ticks = (share: number) => Math.floor(seconds * 100 * share);
  const cpu = `${ticks(0.04)} 0 ${ticks(0.02)} ${ticks(0.93)} 0 0 ${ticks(0.01)} 0 0 0`;
  const lines = [
    ...["cpu", "memory", "io"].flatMap((kind) => ["some", "full"].map((word) => `pressure/${kind}:${calm(word)}`)),
    "loadavg:0.42 0.40 0.38 2/900 12345",
    `stat:cpu  ${cpu}`,
    ...Array.from({ length: cpus }, (_, at) => `stat:cpu${at} ${cpu}`),
    "meminfo:MemTotal:       263842816 kB",
    "meminfo:MemAvailable:   120411136 kB",
    "meminfo:SwapTotal:        8388604 kB",
    "meminfo:SwapFree:         8388604 kB",
    "vmstat:pswpin 0",
    "vmstat:pswpout 0",
    "vmstat:oom_kill 0",
    ...Array.from(
      { length: cpus },
      (_, at) =>
        `net/softnet_stat:${hex(seconds * 50)} ${Array.from({ length: 11 }, () => hex(0)).join(" ")} ${hex(at)}`,
    ),
    "net/stat/arp_cache:entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls",
    ...Array.from(
      { length: cpus },
      () => `net/stat/arp_cache:${hex(state.guests.size)} ${Array.from({ length: 12 }, () => hex(0)).join(" ")}`,
    ),
    "net/netstat:TcpExt: SyncookiesSent IPReversePathFilter",
    "net/netstat:TcpExt: 0 0",
    "sys/net/netfilter/nf_conntrack_count:312",
    "sys/net/netfilter/nf_conntrack_max:262144",
  ];
  return `${lines.map((line) => `/proc/${line}`).join("\n")}\n#end\n`;
}

/** Part of the probe sockets (`ss -Hlntup`): SSH, and the dnsmasq of libvirt's NAT network. Only root sees whose they are. */
export function sockets(uid: number): Parts {
  const line = (kind: "udp   UNCONN" | "tcp   LISTEN", queue: number, local: string, peer: string, users: string) =>
    `${kind} 0      ${String(queue).padEnd(6)} ${local.padStart(24)} ${peer.padStart(16)}    ${uid === 0 ? `users:(${users})` : ""}`;
  const dnsmasq = '("dnsmasq",pid=925,fd=3)';
  return [
    [
      "sockets",
      [
        line("udp   UNCONN", 0, "192.168.122.1:53", "0.0.0.0:*", dnsmasq),
        line("udp   UNCONN", 0, "0.0.0.0%virbr0:67", "0.0.0.0:*", dnsmasq),
        line("udp   UNCONN", 0, "127.0.0.1:323", "0.0.0.0:*", '("chronyd",pid=604,fd=5)'),
        line("tcp   LISTEN", 32, "192.168.122.1:53", "0.0.0.0:*", dnsmasq),
        line("tcp   LISTEN", 128, "0.0.0.0:22", "0.0.0.0:*", '("sshd",pid=720,fd=3)'),
        line("tcp   LISTEN", 128, "[::]:22", "[::]:*", '("sshd",pid=720,fd=4)'),
      ].join("\n"),
    ],
  ];
}
