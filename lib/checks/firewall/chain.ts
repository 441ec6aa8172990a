import type { Packet, Tri } from "./packet";

export type Action = { readonly kind: "accept" | "drop" | "return" | "pass" | "open" } | Jump;

interface Jump {
  readonly kind: "jump" | "goto";
  readonly target: string;
}

export interface Rule {
  readonly matches: (packet: Packet) => Tri;
  /** `pass`: goes on to the next rule. `open`: what it does cannot be told (verdict map, queue to a program). */
  readonly action: Action;
  /** As its tool prints it, counters included. */
  readonly text: string;
  /** Packets that it has taken; undefined where nothing counts them. */
  readonly counted?: number;
  /** It asks for a MAC address. */
  readonly asksMac: boolean;
  /** Name of the set that the MAC is looked up in. */
  readonly macSet?: string;
}

export interface Chain {
  /** Old (legacy) tables of iptables are in force beside its nf_tables ones of the same name. */
  readonly tool: "nft" | "iptables" | "iptables-legacy";
  /** ip, ip6, inet, bridge, netdev. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly rules: readonly Rule[];
  /** Of a base chain. */
  readonly base?: {
    readonly hook: string;
    readonly prio: number;
    readonly policy: "accept" | "drop";
    readonly counted?: number;
  };
}
