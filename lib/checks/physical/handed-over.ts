import type { GraphNode } from "../../graph/model";
import type { ConfigFile } from "../../probes/net-config";
import type { FactOf } from "../../probes/registry";
import { filled } from "../../wording";
import { configuredMembers } from "../bond/configured-members";
import { pass, unknown, type Verdict } from "../define";
import { commandLine } from "../evidence";
import { type FunctionView, runningDomains } from "./virtual-functions";

type Card = FactOf<"pci-net">[number];

/** Drivers that only keep a function for somebody else: a guest, Xen, a program with a network stack of its own. */
const keepers = new Set(["vfio-pci", "pci-stub", "pciback", "uio_pci_generic", "igb_uio"]);

const isHandedOver = (card: Card): boolean => card.driver !== undefined && keepers.has(card.driver);

/** A NIC that the configuration (or the past) gives to a bond or a bridge. */
interface Wanted {
  readonly name: string;
  readonly master: string;
  /** The file that says so; undefined where it is remembered. */
  readonly file?: ConfigFile;
}

/**
 * Members and ports that are wanted and have no interface on this host. Of a bond whose configuration says nothing those that it had count, as in bond-member-missing.
 */
function wantedAndGone(
  files: readonly ConfigFile[],
  bonds: readonly GraphNode[],
  there: ReadonlySet<string>,
): readonly Wanted[] {
  const found: Wanted[] = [];
  const told = new Set<string>();
  for (const file of files)
    for (const kind of ["bond", "bridge"] as const)
      for (const [master, names] of configuredMembers([file], kind)) {
        told.add(master);
        for (const name of names) found.push({ name, master, file });
      }
  for (const bond of bonds) {
    const had = Array.isArray(bond.attributes.hadMembers) ? bond.attributes.hadMembers.map(String) : [];
    if (!told.has(bond.name)) for (const name of had) found.push({ name, master: bond.name });
  }
  // A VLAN, or a bond that is a bridge's port, is no card's name.
  return found.filter(({ name }) => !there.has(name) && !name.includes(".") && !told.has(name));
}

/**
 * The slot that a name of systemd's path scheme tells (`enp3s0f1` is 0000:03:00.1: numbers of the name are decimal, those of the slot hexadecimal). Names by on-board index or hot-plug
 * slot (eno1, ens1f0) tell none, names of virtual functions (...v0) that of their physical one: undefined.
 */
export function slotOfName(name: string): string | undefined {
  const match = /^en(?:P(\d+))?p(\d+)s(\d+)(?:f(\d+))?(?:np\d+|d\d+)?$/.exec(name);
  if (!match) return undefined;
  const hex = (text: string | undefined, width: number) =>
    Number(text ?? 0)
      .toString(16)
      .padStart(width, "0");
  return `${hex(match[1], 4)}:${hex(match[2], 2)}:${hex(match[3], 2)}.${hex(match[4], 1)}`;
}

/** A card that only a keeper has, and a bond or bridge that wants the interface that it made. */
export function handedOver(host: GraphNode, view: FunctionView): Verdict {
  // Asked first, though most hosts have no such card: where there are no interfaces to be seen, this is the only place to say so.
  const links = view.fact("ip-link");
  const cards = view.factOrAbsent("pci-net")?.filter((card) => isHandedOver(card) && card.physfn === undefined) ?? [];
  const [first] = cards;
  if (!first) return null;
  const had = new Map(
    (Array.isArray(host.attributes.hadPciFunctions) ? host.attributes.hadPciFunctions : []).flatMap((entry) =>
      Array.isArray(entry) ? [[String(entry[0]), String(entry[1])] as const] : [],
    ),
  );
  const there = new Set(links.flatMap((one) => [one.ifname, ...(one.altnames ?? [])]));
  const gone = wantedAndGone(view.factOrAbsent("net-config") ?? [], view.graph.ofKind("bond"), there);
  const match = cards
    .flatMap((card) => gone.map((wanted) => ({ card, wanted })))
    .find(({ card, wanted }) => had.get(card.slot) === wanted.name || slotOfName(wanted.name) === card.slot);
  if (!match) {
    // A name that tells another slot, or a card whose name is known, is nobody's riddle.
    const open = gone.find(({ name }) => slotOfName(name) === undefined);
    const nameless = cards.find((card) => !had.has(card.slot));
    return open && nameless
      ? unknown(
          {
            en: "{name} of {master} is gone, and {slot} was handed to {driver}: whether that is it, nothing tells",
            zh: "{master} 的 {name} 已不存在，而 {slot} 已交给 {driver}：无从得知两者是否为同一网卡",
          },
          { name: open.name, master: open.master, slot: nameless.slot, driver: nameless.driver ?? "-" },
        )
      : pass;
  }
  return missed(match.card, match.wanted, view);
}

function missed(card: Card, wanted: Wanted, view: FunctionView): Verdict {
  // Whose it is now only adds to it: a libvirt that does not answer is no reason to keep silent.
  const guest = (view.factIfRead("libvirt-domains") ? runningDomains(view) : []).find(
    (domain) => domain.hostdevs.includes(card.slot) || domain.interfaces.some((nic) => nic.source.pci === card.slot),
  );
  return {
    status: "warn",
    params: {
      card: `${wanted.name} (${card.slot})`,
      whom: wanted.master,
      nic: wanted.name,
      vf: "N",
      vm: guest?.name ?? "-",
      wrong: filled(
        {
          en: `handed to {driver}${guest ? " for {guest}" : ""}, and {source} has it in {master}`,
          zh: `已交给 {driver}${guest ? "（供 {guest} 使用）" : ""}，而 {source} 把它放在 {master} 中`,
        },
        {
          driver: card.driver ?? "-",
          guest: guest?.name ?? "",
          source: wanted.file?.path ?? { en: "the past", zh: "以往的记录" },
          master: wanted.master,
        },
      ),
    },
    evidence: [
      {
        command: commandLine(["lspci", "-nnk", "-s", card.slot]),
        excerpt: `${card.slot} Kernel driver in use: ${card.driver}`,
      },
      ...(wanted.file
        ? [
            {
              command: commandLine(["grep", "-n", wanted.name, wanted.file.path]),
              excerpt: wanted.file.lines.filter((line) => line.includes(wanted.name)).join("\n") || wanted.name,
            },
          ]
        : []),
    ],
    cuts: false,
  };
}
