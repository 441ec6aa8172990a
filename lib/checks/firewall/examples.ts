import type { Facts } from "../../facts/facts";
import type { FactOf } from "../../probes/registry";
import { healthySysctl } from "../host-examples";
import { factsOf } from "../testing";

type Nft = FactOf<"nft">;
type Ruleset = FactOf<"iptables">[number];

/** No table at all. */
export const noRules: Nft = { version: "1.0.6", tables: [], chains: [], rules: [], sets: [] };

export const match = (key: string, right: unknown, op = "=="): unknown => ({
  match: { op, left: { meta: { key } }, right },
});
export const payload = (protocol: string, field: string, right: unknown, op = "=="): unknown => ({
  match: { op, left: { payload: { protocol, field } }, right },
});
export const counter = (packets: number): unknown => ({ counter: { packets, bytes: packets * 84 } });
export const drop: unknown = { drop: null };
export const accept: unknown = { accept: null };

/** A table with one base chain and these rules in it, as nft prints it. */
export function nftTable(
  family: string,
  hook: string,
  rules: readonly (readonly unknown[])[],
  more: { readonly policy?: string; readonly sets?: Nft["sets"] } = {},
): Nft {
  const place = { family, table: "guard" };
  return {
    version: "1.0.6",
    tables: [{ family, name: "guard", handle: 1 }],
    chains: [{ ...place, name: "fwd", handle: 1, type: "filter", hook, prio: 0, policy: more.policy ?? "accept" }],
    rules: rules.map((expr, at) => ({ ...place, chain: "fwd", handle: at + 4, expr: [...expr] })),
    sets: more.sets ?? [],
  };
}

/** libvirt's own rules for its network `default`, as iptables-save prints them on the lab's hypervisor; `forward` are rules before them. */
export function iptablesFilter(
  more: { readonly policy?: string; readonly forward?: readonly string[]; readonly input?: readonly string[] } = {},
): Ruleset[] {
  const chain = (name: string, policy?: string) => ({ name, policy, packets: 0, bytes: 0 });
  const texts = [
    ...(more.input ?? []),
    "-A INPUT -j LIBVIRT_INP",
    ...(more.forward ?? []),
    "-A FORWARD -j LIBVIRT_FWX",
    "-A FORWARD -j LIBVIRT_FWI",
    "-A FORWARD -j LIBVIRT_FWO",
    "-A LIBVIRT_FWI -d 192.168.122.0/24 -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A LIBVIRT_FWI -o virbr0 -j REJECT --reject-with icmp-port-unreachable",
    "-A LIBVIRT_FWO -s 192.168.122.0/24 -i virbr0 -j ACCEPT",
    "-A LIBVIRT_FWO -i virbr0 -j REJECT --reject-with icmp-port-unreachable",
    "-A LIBVIRT_FWX -i virbr0 -o virbr0 -j ACCEPT",
    "-A LIBVIRT_INP -i virbr0 -p udp -m udp --dport 67 -j ACCEPT",
  ];
  return [
    {
      family: "inet",
      backend: "nf_tables",
      tables: [
        {
          name: "filter",
          chains: [
            chain("INPUT", "ACCEPT"),
            chain("FORWARD", more.policy ?? "ACCEPT"),
            chain("OUTPUT", "ACCEPT"),
            ...[
              "LIBVIRT_FWI",
              "LIBVIRT_FWO",
              "LIBVIRT_FWX",
              "LIBVIRT_INP",
              "DOCKER-USER",
              "ufw-reject-forward",
              "ufw-before-forward",
              "ufw-user-forward",
            ].map((name) => chain(name)),
          ],
          rules: texts.map((text) => ({ chain: text.split(" ")[1] ?? "", packets: 0, bytes: 0, text })),
        },
      ],
    },
  ];
}

/** These facts with the rules given and the settings of a hypervisor whose bridged frames do not pass iptables. */
export const withRules = (facts: Facts, nft: Nft = noRules, iptables: Ruleset[] = iptablesFilter()): Facts => ({
  ...facts,
  ...factsOf({ nft, iptables, sysctl: healthySysctl }),
});

/** Bridged frames pass iptables (br_netfilter is loaded and switched on). */
export const callingIptables = (facts: Facts): Facts => ({
  ...facts,
  ...factsOf({
    sysctl: { ...healthySysctl, values: { ...healthySysctl.values, "net.bridge.bridge-nf-call-iptables": 1 } },
  }),
});
