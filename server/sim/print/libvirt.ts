import type { SimGuest, SimNic, SimState } from "../model";
import { countersOf } from "./ip";

/** Parts of a probe's output by name, as `item` frames them; an exit status where it is not 0. */
export type Parts = (readonly [name: string, output: string, exit?: number])[];

/** Answers of several virsh commands in one call, `echo =` between them. */
const joined = (...answers: readonly string[]) => answers.map((answer) => `${answer}\n\n`).join("=");

const escapes: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&apos;",
  '"': "&quot;",
};
const escapeXml = (text: string) => text.replace(/[<>&'"]/g, (char) => escapes[char] ?? char);

function interfaceXml(state: SimState, nic: SimNic, at: number): string {
  const tap = nic.tap === undefined ? undefined : state.links.get(nic.tap);
  const source =
    "network" in nic.source
      ? `<source network='${nic.source.network}'${tap === undefined ? "" : ` portid='b1e4c5a0-0000-4000-8000-${String(at).padStart(12, "0")}' bridge='${nic.source.bridge}'`}/>`
      : `<source bridge='${nic.source.bridge}'/>`;
  return [
    `    <interface type='${"network" in nic.source ? "network" : "bridge"}'>`,
    `      <mac address='${nic.mac}'/>`,
    `      ${source}`,
    ...(tap === undefined ? [] : [`      <target dev='${escapeXml(tap.name)}'/>`]),
    `      <model type='${nic.model}'/>`,
    ...(nic.linkUp ? [] : ["      <link state='down'/>"]),
    ...(tap === undefined ? [] : [`      <alias name='net${at}'/>`]),
    `      <address type='pci' domain='0x0000' bus='0x0${at + 1}' slot='0x00' function='0x0'/>`,
    "    </interface>",
  ].join("\n");
}

function domainXml(state: SimState, guest: SimGuest): string {
  const id = guest.state === "shut off" ? "" : ` id='${guest.id}'`;
  return `<domain type='kvm'${id}>
  <name>${escapeXml(guest.name)}</name>
  <uuid>${guest.uuid}</uuid>
  <memory unit='KiB'>2097152</memory>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
${guest.nics.map((nic, at) => interfaceXml(state, nic, at)).join("\n")}
  </devices>
</domain>
`;
}

/** Numbers of virDomainState and its reason: booted, paused by a user, destroyed. */
const numbers = { running: [1, 1], paused: [3, 1], "shut off": [5, 2] } as const;

function stats(state: SimState, now: number, interfaces: boolean): string {
  const blocks = [...state.guests.values()].map((guest) => {
    const [number, reason] = numbers[guest.state];
    const lines = [`Domain: '${guest.name}'`, `  state.state=${number}`, `  state.reason=${reason}`];
    const taps = guest.nics.flatMap((nic) => (nic.tap === undefined ? [] : (state.links.get(nic.tap) ?? [])));
    if (interfaces && taps.length > 0) {
      lines.push(`  net.count=${taps.length}`);
      for (const [at, tap] of taps.entries()) {
        const { rx, tx } = countersOf(state, tap, now);
        lines.push(`  net.${at}.name=${tap.name}`);
        // What the guest receives is what its TAP sends.
        for (const [way, count] of [
          ["rx", tx],
          ["tx", rx],
        ] as const)
          lines.push(
            `  net.${at}.${way}.bytes=${count.bytes}`,
            `  net.${at}.${way}.pkts=${count.packets}`,
            `  net.${at}.${way}.errs=0`,
            `  net.${at}.${way}.drop=0`,
          );
      }
    }
    return lines.join("\n");
  });
  return blocks.join("\n\n");
}

const list = (guests: Iterable<SimGuest>) => [...guests].map((guest) => guest.uuid).join("\n");

/** Parts of the probe libvirt-domains. */
export function libvirtDomains(state: SimState, now: number): Parts {
  const guests = [...state.guests.values()];
  const autostart = guests.filter((guest) => guest.autostart);
  return [
    ["list", joined(list(guests), list(autostart), list(guests), stats(state, now, false))],
    ["xml", guests.map((guest) => domainXml(state, guest)).join("\n")],
  ];
}

/** Parts of the probe libvirt-state. */
export function libvirtState(state: SimState, now: number): Parts {
  const names = [...state.guests.values()].map((guest) => `${guest.uuid} ${guest.name.padEnd(30)}`).join("\n");
  return [["domains", `${names}\n\n${stats(state, now, true)}\n`]];
}

/** Parts of the probe libvirt-ifaddr: by lease on the NAT network, by the host's own ARP table on its segment, by the agent elsewhere. */
export function libvirtIfaddr(state: SimState): Parts {
  const running = [...state.guests.values()].filter((guest) => guest.state === "running");
  const line = (dev: string, nic: SimNic, prefix: number) =>
    ` ${dev.padEnd(10)} ${nic.mac}    ipv4         ${nic.ip}/${prefix}`;
  const leases: string[] = [];
  const arp: string[] = [];
  const agents: [string, string, number][] = [];
  for (const guest of running) {
    const told: string[] = [];
    for (const [at, nic] of guest.nics.entries()) {
      const tap = nic.tap === undefined ? undefined : state.links.get(nic.tap);
      if (tap === undefined) continue;
      if ("network" in nic.source) leases.push(line(tap.name, nic, 24));
      else if (nic.source.bridge === "br0") arp.push(line(tap.name, nic, 0));
      else told.push(line(`enp${at + 1}s0`, nic, 16));
    }
    const silent =
      "error: Failed to query for interfaces addresses\nerror: argument unsupported: QEMU guest agent is not configured";
    agents.push(told.length > 0 ? [`agent:${guest.uuid}`, told.join("\n"), 0] : [`agent:${guest.uuid}`, silent, 1]);
  }
  return [["uuids", list(running)], ["lease", leases.join("\n")], ["arp", arp.join("\n")], ...agents];
}

const networkUuid = "e55b32f0-4215-4c07-8601-d9f17bb9e58c";

/** Parts of the probe libvirt-networks: the NAT network that libvirt brings along. */
export function libvirtNetworks(state: SimState): Parts {
  const bridge = [...state.links.values()].find((link) => link.name === "virbr0");
  const leases = [...state.guests.values()].flatMap((guest) =>
    guest.nics.flatMap((nic) =>
      "network" in nic.source && guest.state === "running"
        ? [
            ` 2030-01-05 10:12:00   ${nic.mac}   ipv4       ${nic.ip}/24   ${guest.name.replace(/[^\w.-]+/g, "-")}   01:${nic.mac}`,
          ]
        : [],
    ),
  );
  const xml = `<network>
  <name>default</name>
  <uuid>${networkUuid}</uuid>
  <forward mode='nat'>
    <nat>
      <port start='1024' end='65535'/>
    </nat>
  </forward>
  <bridge name='virbr0' stp='on' delay='0'/>
  <mac address='${bridge?.mac ?? "52:54:00:00:00:01"}'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'/>
    </dhcp>
  </ip>
</network>
`;
  return [
    ["list", joined(networkUuid, networkUuid, networkUuid, networkUuid)],
    ["xml", xml],
    ["leases", `${leases.join("\n")}\n\n=${networkUuid}=`],
  ];
}

/** Part of the probe qemu-log: a log for every guest that has ever run, none with a complaint. */
export function qemuLog(state: SimState): Parts {
  return [["logs", [...state.guests.values()].map((guest) => `@ ${guest.name}.log`).join("\n")]];
}
