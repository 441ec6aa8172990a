import { lowerUp, membersOf, type SimLink, type SimState } from "../model";
import { bridgeId, portCost } from "./ip";

/** `grep -rsa . /proc/net/bonding` */
export function procBonding(state: SimState): string {
  const lines: string[] = [];
  for (const bond of state.links.values()) {
    if (bond.kind !== "bond") continue;
    const members = membersOf(state, bond.ifindex);
    const active = state.activeMember === undefined ? undefined : state.links.get(state.activeMember);
    const say = (line: string) => lines.push(`/proc/net/bonding/${bond.name}:${line}`);
    say("Ethernet Channel Bonding Driver: v6.1.0-28-amd64");
    say("Bonding Mode: fault-tolerance (active-backup)");
    say(`Primary Slave: ${members[0] === undefined ? "None" : `${members[0].name} (primary_reselect always)`}`);
    say(`Currently Active Slave: ${active?.name ?? "None"}`);
    say(`MII Status: ${lowerUp(state, bond) ? "up" : "down"}`);
    say("MII Polling Interval (ms): 100");
    say("Up Delay (ms): 0");
    say("Down Delay (ms): 0");
    say("Peer Notification Delay (ms): 0");
    for (const member of members) {
      const up = lowerUp(state, member);
      say(`Slave Interface: ${member.name}`);
      say(`MII Status: ${up ? "up" : "down"}`);
      say(`Speed: ${up ? `${member.speed ?? 1000} Mbps` : "Unknown"}`);
      say(`Duplex: ${up ? "full" : "Unknown"}`);
      say(`Link Failure Count: ${state.bondFailures.get(member.ifindex) ?? 0}`);
      say(`Permanent HW addr: ${member.mac}`);
      say("Slave queue ID: 0");
    }
  }
  return lines.join("\n");
}

const addrAssign = { loopback: 0, nic: 0, bond: 2, bridge: 3, vlan: 2, tap: 3 };

/** What the sysfs-net probe greps out of /sys/class/net, with its end mark. Bridges of this model have their address set (3): a new TAP never changes it. */
export function sysfsNet(state: SimState): string {
  const lines: string[] = [];
  const devices: string[] = [];
  for (const link of state.links.values()) {
    const base = `/sys/class/net/${link.name}`;
    const say = (key: string, value: string | number) => lines.push(`${base}/${key}:${value}`);
    const up = lowerUp(state, link);
    say("ifindex", link.ifindex);
    if (link.adminUp) say("carrier", up ? 1 : 0);
    say("carrier_up_count", link.carrierUps);
    say("carrier_down_count", link.carrierDowns);
    say("carrier_changes", link.carrierUps + link.carrierDowns);
    if (link.speed !== undefined && link.adminUp) say("speed", up ? link.speed : -1);
    say("addr_assign_type", addrAssign[link.kind]);
    say("dev_port", 0);
    if (link.speed !== undefined && link.adminUp) say("duplex", up ? "full" : "unknown");
    if (link.kind === "tap") {
      say("tun_flags", "0x5002");
      say("owner", -1);
      say("group", -1);
    }
    if (link.kind === "bridge") sayBridge(link, say);
    const bridge = link.master === undefined ? undefined : state.links.get(link.master);
    if (bridge?.kind === "bridge") sayPort(state, link, bridge, say);
    if (link.pci === undefined) continue;
    devices.push(`${base}/_device:/sys/devices/pci0000:40/0000:40:01.1/${link.pci}`);
    devices.push(`${base}/_bus:pci`, `${base}/_driver:${link.driver ?? "e1000e"}`);
  }
  return `${[...lines, ...devices, "#end"].join("\n")}\n`;
}

type Say = (key: string, value: string | number) => void;

function sayBridge(link: SimLink, say: Say): void {
  const nat = link.name === "virbr0";
  say("bridge/stp_state", nat ? 1 : 0);
  say("bridge/forward_delay", nat ? 200 : 0);
  say("bridge/hello_time", 200);
  say("bridge/max_age", 2000);
  say("bridge/ageing_time", 30_000);
  say("bridge/priority", 32_768);
  say("bridge/root_port", 0);
  say("bridge/group_fwd_mask", "0");
  say("bridge/vlan_filtering", 0);
  say("bridge/default_pvid", 1);
  say("bridge/multicast_snooping", 1);
  say("bridge/multicast_querier", 0);
  say("bridge/multicast_router", 1);
  say("bridge/multicast_querier_interval", 25_500);
  for (const family of ["iptables", "ip6tables", "arptables"]) say(`bridge/nf_call_${family}`, 0);
  say("bridge/bridge_id", bridgeId(link).replaceAll(":", ""));
  say("bridge/root_id", bridgeId(link).replaceAll(":", ""));
  say("bridge/vlan_protocol", "0x8100");
}

function sayPort(state: SimState, port: SimLink, bridge: SimLink, say: Say): void {
  const number = membersOf(state, bridge.ifindex).findIndex((other) => other.ifindex === port.ifindex) + 1;
  const id = bridgeId(bridge).replaceAll(":", "");
  say("brport/state", lowerUp(state, port) && bridge.adminUp ? 3 : 0);
  say("brport/priority", 32);
  say("brport/path_cost", portCost(port));
  say("brport/hairpin_mode", 0);
  say("brport/isolated", 0);
  say("brport/port_no", `0x${number.toString(16)}`);
  say("brport/port_id", `0x80${number.toString(16).padStart(2, "0")}`);
  say("brport/designated_root", id);
  say("brport/designated_bridge", id);
  say("brport/designated_port", 32_768 + number);
}
