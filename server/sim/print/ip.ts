import { lowerUp, membersOf, type SimLink, type SimState, viewOf } from "../model";

/** Seconds since boot, in steps of five: counters grow, yet two readings of one moment agree. */
function ticks(state: SimState, now: number): number {
  return Math.max(0, Math.floor((now - state.bootedAt) / 5_000)) * 5;
}

export interface Counters {
  readonly rx: { readonly bytes: number; readonly packets: number };
  readonly tx: { readonly bytes: number; readonly packets: number };
}

/** What has passed an interface since boot: grows at the interface's rate. */
export function countersOf(state: SimState, link: SimLink, now: number): Counters {
  const packets = Math.round(ticks(state, now) * link.rate);
  return { rx: { packets, bytes: packets * 640 }, tx: { packets: Math.round(packets * 0.8), bytes: packets * 410 } };
}

function stats64(state: SimState, link: SimLink, now: number): object {
  const { rx, tx } = countersOf(state, link, now);
  return {
    rx: {
      bytes: rx.bytes,
      packets: rx.packets,
      errors: 0,
      dropped: 0,
      over_errors: 0,
      multicast: Math.round(rx.packets / 50),
    },
    tx: { bytes: tx.bytes, packets: tx.packets, errors: 0, dropped: 0, carrier_errors: 0, collisions: 0 },
  };
}

function bondData(state: SimState, bond: SimLink): object {
  const active = state.activeMember === undefined ? undefined : state.links.get(state.activeMember);
  const primary = membersOf(state, bond.ifindex)[0];
  return {
    mode: "active-backup",
    ...(active === undefined ? {} : { active_slave: active.name }),
    miimon: 100,
    updelay: 0,
    downdelay: 0,
    peer_notify_delay: 0,
    use_carrier: 1,
    arp_interval: 0,
    arp_missed_max: 2,
    arp_validate: null,
    arp_all_targets: "any",
    ...(primary === undefined ? {} : { primary: primary.name }),
    primary_reselect: "always",
    fail_over_mac: "none",
    xmit_hash_policy: "layer2",
    resend_igmp: 1,
    num_peer_notif: 1,
    all_slaves_active: 0,
    min_links: 0,
    lp_interval: 1,
    packets_per_slave: 1,
    ad_lacp_active: "on",
    ad_lacp_rate: "slow",
    ad_select: "stable",
    tlb_dynamic_lb: 1,
  };
}

export const bridgeId = (bridge: SimLink) => `8000.${bridge.mac}`;

function bridgeData(bridge: SimLink): object {
  return {
    forward_delay: bridge.name === "virbr0" ? 200 : 0,
    hello_time: 200,
    max_age: 2000,
    ageing_time: 30_000,
    stp_state: bridge.name === "virbr0" ? 1 : 0,
    priority: 32_768,
    vlan_filtering: 0,
    vlan_protocol: "802.1Q",
    bridge_id: bridgeId(bridge),
    root_id: bridgeId(bridge),
    root_port: 0,
    root_path_cost: 0,
    topology_change: 0,
    topology_change_detected: 0,
    hello_timer: 0,
    tcn_timer: 0,
    topology_change_timer: 0,
    gc_timer: 120.4,
    vlan_default_pvid: 1,
    vlan_stats_enabled: 0,
    vlan_stats_per_port: 0,
    group_fwd_mask: "0",
    group_addr: "01:80:c2:00:00:00",
    mcast_snooping: 1,
    no_linklocal_learn: 0,
    mcast_vlan_snooping: 0,
    mcast_router: 1,
    mcast_query_use_ifaddr: 0,
    mcast_querier: 0,
    mcast_hash_elasticity: 16,
    mcast_hash_max: 4096,
    mcast_last_member_cnt: 2,
    mcast_startup_query_cnt: 2,
    nf_call_iptables: 0,
    nf_call_ip6tables: 0,
    nf_call_arptables: 0,
  };
}

/** Number of a port in its bridge: the order in which ports came. */
function portNumber(state: SimState, port: SimLink, bridge: SimLink): number {
  return membersOf(state, bridge.ifindex).findIndex((other) => other.ifindex === port.ifindex) + 1;
}

export function portCost(link: SimLink): number {
  return link.kind === "tap" ? 100 : 2;
}

function portData(state: SimState, port: SimLink, bridge: SimLink): object {
  const number = portNumber(state, port, bridge);
  return {
    state: lowerUp(state, port) && bridge.adminUp ? "forwarding" : "disabled",
    priority: 32,
    cost: portCost(port),
    hairpin: false,
    guard: false,
    root_block: false,
    fastleave: false,
    learning: true,
    flood: true,
    id: `0x80${number.toString(16).padStart(2, "0")}`,
    no: `0x${number.toString(16)}`,
    designated_port: 32_768 + number,
    designated_cost: 0,
    bridge_id: bridgeId(bridge),
    root_id: bridgeId(bridge),
    hold_timer: 0,
    message_age_timer: 0,
    forward_delay_timer: 0,
    topology_change_ack: 0,
    config_pending: 0,
    proxy_arp: false,
    proxy_arp_wifi: false,
    multicast_router: 1,
    mcast_flood: true,
    bcast_flood: true,
    mcast_to_unicast: false,
    neigh_suppress: false,
    group_fwd_mask: "0",
    group_fwd_mask_str: "0x0",
    vlan_tunnel: false,
    isolated: false,
    locked: false,
  };
}

function linkinfo(state: SimState, link: SimLink): object | undefined {
  const master = link.master === undefined ? undefined : state.links.get(link.master);
  const info: Record<string, unknown> = {};
  if (link.kind === "bond") Object.assign(info, { info_kind: "bond", info_data: bondData(state, link) });
  if (link.kind === "bridge") Object.assign(info, { info_kind: "bridge", info_data: bridgeData(link) });
  if (link.kind === "vlan")
    Object.assign(info, {
      info_kind: "vlan",
      info_data: { protocol: "802.1Q", id: link.vlanId, flags: ["REORDER_HDR"] },
    });
  if (link.kind === "tap")
    Object.assign(info, {
      info_kind: "tun",
      info_data: { type: "tap", pi: false, vnet_hdr: true, multi_queue: false, persist: false },
    });
  if (master?.kind === "bond")
    Object.assign(info, {
      info_slave_kind: "bond",
      info_slave_data: {
        state: state.activeMember === link.ifindex ? "ACTIVE" : "BACKUP",
        mii_status: lowerUp(state, link) ? "UP" : "DOWN",
        link_failure_count: state.bondFailures.get(link.ifindex) ?? 0,
        perm_hwaddr: link.mac,
        queue_id: 0,
      },
    });
  if (master?.kind === "bridge")
    Object.assign(info, { info_slave_kind: "bridge", info_slave_data: portData(state, link, master) });
  return Object.keys(info).length === 0 ? undefined : info;
}

/** The address that an interface shows: a bond gives its own to its members. */
function shownMac(state: SimState, link: SimLink): string {
  const master = link.master === undefined ? undefined : state.links.get(link.master);
  return master?.kind === "bond" ? master.mac : link.mac;
}

/** The queueing discipline that the kernel gives an interface of each kind. */
export const qdiscs = {
  loopback: "noqueue",
  nic: "mq",
  bond: "noqueue",
  bridge: "noqueue",
  vlan: "noqueue",
  tap: "fq_codel",
} as const;

function linkBase(state: SimState, link: SimLink): Record<string, unknown> {
  const view = viewOf(state, link);
  const parent = link.parent === undefined ? undefined : state.links.get(link.parent);
  const master = link.master === undefined ? undefined : state.links.get(link.master);
  const mac = shownMac(state, link);
  const info = linkinfo(state, link);
  return {
    ifindex: link.ifindex,
    ...(parent === undefined ? {} : { link: parent.name }),
    ifname: link.name,
    flags: view.flags,
    mtu: link.mtu,
    qdisc: qdiscs[link.kind],
    ...(master === undefined ? {} : { master: master.name }),
    operstate: view.operstate,
    linkmode: "DEFAULT",
    group: "default",
    txqlen: 1000,
    link_type: link.kind === "loopback" ? "loopback" : "ether",
    address: mac,
    broadcast: link.kind === "loopback" ? "00:00:00:00:00:00" : "ff:ff:ff:ff:ff:ff",
    ...(mac === link.mac ? {} : { permaddr: link.mac }),
    promiscuity: master?.kind === "bridge" ? 1 : 0,
    min_mtu: link.kind === "loopback" ? 0 : 68,
    max_mtu: link.kind === "loopback" ? 0 : 65_535,
    ...(info === undefined ? {} : { linkinfo: info }),
    inet6_addr_gen_mode: "eui64",
    num_tx_queues: 1,
    num_rx_queues: 1,
    gso_max_size: 65_536,
    gso_max_segs: 65_535,
    ...(link.pci === undefined ? {} : { parentbus: "pci", parentdev: link.pci }),
  };
}

/** `ip -d -s -j link show` */
export function ipLink(state: SimState, now: number): string {
  const links = [...state.links.values()].map((link) => ({
    ...linkBase(state, link),
    stats64: stats64(state, link, now),
  }));
  return `${JSON.stringify(links)}\n`;
}

function addresses(state: SimState, link: SimLink): object[] {
  const forever = { valid_life_time: 4_294_967_295, preferred_life_time: 4_294_967_295 };
  if (link.kind === "loopback")
    return [
      { family: "inet", local: "127.0.0.1", prefixlen: 8, scope: "host", label: "lo", ...forever },
      { family: "inet6", local: "::1", prefixlen: 128, scope: "host", ...forever },
    ];
  const net = state.nets.find((entry) => entry.bridge === link.name);
  if (net?.address === undefined) return [];
  const broadcast =
    net.prefix === 16 ? net.address.replace(/\.\d+\.\d+$/, ".255.255") : net.address.replace(/\.\d+$/, ".255");
  return [
    {
      family: "inet",
      local: net.address,
      prefixlen: net.prefix,
      broadcast,
      scope: "global",
      label: link.name,
      ...forever,
    },
  ];
}

/** `ip -d -j addr show` */
export function ipAddr(state: SimState): string {
  const links = [...state.links.values()].map((link) => ({
    ...linkBase(state, link),
    addr_info: addresses(state, link),
  }));
  return `${JSON.stringify(links)}\n`;
}

interface Route {
  readonly type?: string;
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly table?: string;
  readonly protocol: string;
  readonly scope?: string;
  readonly prefsrc?: string;
  readonly flags: readonly string[];
}

/** Routes of the main table, and with `all` those of the local table too. A bridge that is down has none. */
export function routes(state: SimState, all: boolean): Route[] {
  const main: Route[] = [];
  const local: Route[] = [];
  for (const net of state.nets) {
    const link = [...state.links.values()].find((entry) => entry.name === net.bridge);
    if (net.address === undefined || link === undefined || !link.adminUp) continue;
    const flags = lowerUp(state, link) ? [] : ["linkdown"];
    if (net.gateway !== undefined && state.gatewayPresent)
      main.unshift({ dst: "default", gateway: net.gateway.ip, dev: link.name, protocol: "static", flags: [...flags] });
    const base = net.prefix === 16 ? net.address.replace(/\.\d+\.\d+$/, ".0.0") : net.address.replace(/\.\d+$/, ".0");
    main.push({
      dst: `${base}/${net.prefix}`,
      dev: link.name,
      protocol: "kernel",
      scope: "link",
      prefsrc: net.address,
      flags,
    });
    local.push({
      type: "local",
      dst: net.address,
      dev: link.name,
      table: "local",
      protocol: "kernel",
      scope: "host",
      prefsrc: net.address,
      flags: [],
    });
  }
  if (!all) return main;
  const typed = main.map((route) => ({ type: "unicast", ...route }));
  const lo = {
    type: "local",
    dev: "lo",
    table: "local",
    protocol: "kernel",
    scope: "host",
    prefsrc: "127.0.0.1",
    flags: [],
  };
  return [...typed, { ...lo, dst: "127.0.0.0/8" }, { ...lo, dst: "127.0.0.1" }, ...local];
}

/** `ip -d -s -j neigh show`: the gateway, and some guests that share the host's own segment. */
export function ipNeigh(state: SimState): string {
  const entries: object[] = [];
  for (const net of state.nets) {
    const link = [...state.links.values()].find((entry) => entry.name === net.bridge);
    if (net.address === undefined || link === undefined || !lowerUp(state, link)) continue;
    if (net.gateway !== undefined && state.gatewayPresent)
      entries.push(
        state.gatewayAnswers
          ? {
              dst: net.gateway.ip,
              dev: link.name,
              lladdr: net.gateway.mac,
              used: 3,
              confirmed: 1,
              updated: 12,
              probes: 1,
              state: ["REACHABLE"],
            }
          : { dst: net.gateway.ip, dev: link.name, used: 1, confirmed: 60, updated: 2, probes: 6, state: ["FAILED"] },
      );
    for (const guest of state.guests.values()) {
      if (guest.state !== "running") continue;
      for (const nic of guest.nics)
        if (nic.source.bridge === net.bridge)
          entries.push({
            dst: nic.ip,
            dev: link.name,
            lladdr: nic.mac,
            used: 40,
            confirmed: 40,
            updated: 38,
            probes: 1,
            state: ["STALE"],
          });
    }
  }
  return `${JSON.stringify(entries)}\n`;
}

/** `ip -j rule show` */
export const ipRule =
  '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"},{"priority":32767,"src":"all","table":"default"}]\n';

/** One line of `ip -o monitor link`, without its timestamp. */
export function monitorLine(state: SimState, link: SimLink): string {
  const view = viewOf(state, link);
  const parent = link.parent === undefined ? "" : `@${state.links.get(link.parent)?.name ?? "NONE"}`;
  const master = link.master === undefined ? "" : ` master ${state.links.get(link.master)?.name ?? "?"}`;
  const type = link.kind === "loopback" ? "loopback" : "ether";
  const mac = shownMac(state, link);
  const permanent = mac === link.mac ? "" : ` permaddr ${link.mac}`;
  return `${link.ifindex}: ${link.name}${parent}: <${view.flags.join(",")}> mtu ${link.mtu} qdisc ${qdiscs[link.kind]}${master} state ${view.operstate} group default \\    link/${type} ${mac} brd ff:ff:ff:ff:ff:ff${permanent}`;
}
