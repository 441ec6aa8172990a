import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * A family of units whose names stand in no other room: a new one of them is one file, and what would have to list it asks the registry instead. To put a
 * family under this rule, add it to `families`.
 */
interface Family {
  readonly what: string;
  readonly folder: string;
  /** What a file exports that is one of them. */
  readonly unit: string;
  /** Names that are looked for; without it all. */
  readonly only?: RegExp;
  /** How code names one. `NAME` stands for it. Common words ("host", "bridge") are names only in such a place. */
  readonly named: readonly string[];
  /** Rooms that may name them, each with its reason: the beginning of a path, or a whole one. */
  readonly rooms: Readonly<Record<string, string>>;
}

const ofKinds = {
  "lib/checks/": "a check judges things of certain kinds, and what checks share knows their trade",
  "lib/remedies/": "a remedy changes things of certain kinds",
  "lib/changes/": "kinds of change have names of their own",
  "lib/fleet/": "what hosts tell each other is about certain kinds",
};

const families: readonly Family[] = [
  {
    what: "node kind",
    folder: "lib/graph/kinds",
    unit: "kind",
    named: ['kind\\s*[!=]==\\s*"NAME"', 'ofKind\\("NAME"\\)', '\\bkind: "NAME"'],
    rooms: ofKinds,
  },
  {
    what: "edge kind",
    folder: "lib/graph/edges",
    unit: "kind",
    named: ['kind\\s*[!=]==\\s*"NAME"', 'edgesOfKind\\("NAME"\\)', '\\bkind: "NAME"'],
    rooms: ofKinds,
  },
  {
    what: "probe",
    folder: "lib/probes",
    unit: "probe",
    // Names of one word are words of other trades as well: "bond", "sysctl".
    only: /-/,
    named: ['"NAME"'],
    rooms: {
      "lib/probes/": "what probes share is about certain ones",
      "lib/checks/": "a check says what it needs",
      "lib/remedies/": "a remedy reads what is there now",
      "lib/guests/": "a source of guests says what it reads",
      "lib/graph/": "the graph is made of certain facts",
      "lib/fleet/": "so is what a host tells of itself to the others",
      "server/collector/engine/engine.ts": "a change of interfaces alone does not rebuild the graph",
      "server/collector/remedy/guests.ts": "who is asked for an answer is looked up among neighbours",
      "server/collector/remedy/rests-on.ts": "whatever a plan rests on, interfaces are read again before it runs",
    },
  },
  { what: "guest source", folder: "lib/guests", unit: "source", named: ['"NAME"'], rooms: {} },
];

/** Files of units, whatever they are: a check, a rule, a pass or a probe is about certain things and says so. */
const isUnit = (text: string) => /^export const (check|rule|pass|remedy|probe|kind|source|manager)\b/m.test(text);
/** Made from units, or there to test them; the simulator makes hosts of its own, of the same kinds. */
const isAside = (path: string, text: string) =>
  text.startsWith("// Made by ") ||
  path.startsWith("server/sim/") ||
  /\.test\.tsx?$|(^|[/-])(examples|testing)\.ts$|\.examples\.ts$/.test(path);

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const texts = new Map(
  ["lib", "server", "components", "app"].flatMap(filesIn).map((path) => [path, readFileSync(join(root, path), "utf8")]),
);
const rooms = [...texts].filter(([path, text]) => !isUnit(text) && !isAside(path, text));

const namesOf = ({ folder, unit, only = /./ }: Family): string[] =>
  [...texts].flatMap(([path, text]) =>
    path.startsWith(`${folder}/`) && new RegExp(`^export const ${unit}\\b`, "m").test(text)
      ? [path.slice(folder.length + 1, -3)].filter((name) => only.test(name))
      : [],
  );

/** `file:line` of every place that names one of these. */
function placesOf(family: Family, names: readonly string[], among: readonly (readonly [string, string])[]): string[] {
  const places = family.named.map((place) => new RegExp(place.replace("NAME", `(?:${names.join("|")})`)));
  return among.flatMap(([path, text]) =>
    text.split("\n").flatMap((line, at) => (places.some((place) => place.test(line)) ? [`${path}:${at + 1}`] : [])),
  );
}
const inRoom = (path: string, room: string) => path === room || (room.endsWith("/") && path.startsWith(room));

describe.each(families)("the names of every $what", (family) => {
  const names = namesOf(family);

  it("stand in their own files and in the rooms that are listed with a reason, nowhere else", () => {
    expect(names.length, `no ${family.what} in ${family.folder}`).toBeGreaterThan(1);
    const others = rooms.filter(([path]) => !Object.keys(family.rooms).some((room) => inRoom(path, room)));
    expect(others.length).toBeGreaterThan(200);
    expect(placesOf(family, names, others)).toEqual([]);
  });

  it("are seen where they stand: a listed room that names none needs its line no more", () => {
    for (const room of Object.keys(family.rooms)) {
      const there = [...texts].filter(([path]) => inRoom(path, room));
      expect(placesOf(family, names, there).length, room).toBeGreaterThan(0);
    }
  });
});

it("a name outside its room is found", () => {
  const [nodes] = families;
  if (!nodes) throw new Error("no family");
  const made = [["lib/layout/made.ts", 'const a = 1;\nif (node.kind === "ovs-bridge") return;']] as const;
  expect(placesOf(nodes, namesOf(nodes), made)).toEqual(["lib/layout/made.ts:2"]);
});

/** Three kinds in one list are a question that each kind should answer for itself: a new one would have to be added to it. */
describe("lists of kinds", () => {
  const kinds = families.slice(0, 2).flatMap(namesOf).join("|");
  const list = new RegExp(`\\[\\s*(?:"(?:${kinds})",?\\s*){3,}\\]`, "g");
  /** What a unit means by its list is not what any kind says of itself. */
  const reasons: Readonly<Record<string, string>> = {
    "lib/checks/bridge/bridge-port-flags.ts": "ports whose flags it knows to judge",
    "lib/checks/host/kernel-net-errors.ts": "interfaces that the kernel writes about by name",
    "lib/checks/vlan/vlan-segment-split.ts": "what may be a segment's door, Open vSwitch aside: there tags decide",
    "lib/fleet/host-segments.ts": "parts of a segment, and those that lead out of it",
    "lib/graph/passes/routed.ts": "what has packets of its own behind a bridge",
    "lib/remedies/align-mtu.ts": "what its check names",
    "lib/remedies/fdb-entry.ts": "ports of a Linux bridge that have entries",
  };

  it("stand nowhere but as the subjects of a check", () => {
    const found = [...texts].flatMap(([path, text]) => {
      if (isAside(path, text)) return [];
      const found = [...text.matchAll(list)].filter(({ index }) => !/subjects:\s*$/.test(text.slice(0, index)));
      return found.length > 0 ? [path] : [];
    });
    expect(found.filter((path) => !Object.hasOwn(reasons, path))).toEqual([]);
  });
});
