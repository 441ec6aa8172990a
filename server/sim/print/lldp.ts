import { lowerUp, type SimState } from "../model";

/** `lldpcli -f json0 show neighbors details`: the switch ports whose cables carry light. The others are forgotten at once. */
export function lldp(state: SimState): string {
  const heard = [...state.neighbours].flatMap(([ifindex, neighbour], at) => {
    const nic = state.links.get(ifindex);
    if (nic === undefined || !lowerUp(state, nic)) return [];
    return [
      {
        name: nic.name,
        via: "LLDP",
        rid: String(at + 1),
        age: "12 days, 03:14:07",
        chassis: [
          {
            id: [{ type: "mac", value: neighbour.switchMac }],
            name: [{ value: neighbour.switchName }],
            descr: [{ value: "Simulated switch" }],
            capability: [{ type: "Bridge", enabled: true }],
          },
        ],
        port: [
          {
            id: [{ type: "ifname", value: neighbour.port }],
            descr: [{ value: state.hostname }],
            ttl: [{ value: "120" }],
            mfs: [{ value: "9236" }],
          },
        ],
        vlan: neighbour.vlans.map((vlan) => ({ "vlan-id": String(vlan), pvid: vlan === 1, value: `VLAN${vlan}` })),
      },
    ];
  });
  return JSON.stringify({ lldp: [heard.length === 0 ? {} : { interface: heard }] }, null, 2);
}
