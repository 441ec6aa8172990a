import { isGuest, selfKind } from "@/lib/graph/kinds";
import type { Json } from "@/lib/graph/model";
import { messageOf } from "@/lib/text/findings";
import { hostPath } from "@/lib/wire/host-name";
import type { HostCard, HostSnapshot } from "@/lib/wire/model";
import type { Language } from "@/lib/wording";

/** Something that the palette can open. */
export interface Hit {
  readonly id: string;
  readonly group: "page" | "host" | "problem" | "vm" | "address" | "node";
  readonly title: string;
  /** Right beside the title, quieter. */
  readonly detail: string;
  readonly href: string;
  /** What is searched besides title and detail: addresses, MACs. */
  readonly words: string;
}

export const subjectHref = (host: string, subject?: string): string =>
  `${hostPath(host)}${subject ? `?sel=${encodeURIComponent(subject)}` : ""}`;

/** Every string in a value, at any depth: addresses hide in lists of objects. */
export function stringsIn(value: Json | undefined, out: string[] = []): string[] {
  if (typeof value === "string") out.push(value);
  else if (typeof value === "number") out.push(String(value));
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) stringsIn(item, out);
  return out;
}

/** All that this browser knows: the fleet's heads, and the inside of the host that is open. */
export function hitsOf(
  fleet: ReadonlyMap<string, HostCard> | undefined,
  host: HostSnapshot | undefined,
  pages: readonly Hit[],
  kindName: (kind: HostSnapshot["nodes"][number]["kind"]) => string,
  language: Language = "en",
): Hit[] {
  const hits: Hit[] = [...pages];
  for (const card of fleet?.values() ?? []) {
    const { id, name, address } = card.host;
    hits.push({ id: `host ${id}`, group: "host", title: name, detail: address, href: subjectHref(id), words: id });
    for (const top of card.top)
      hits.push({
        id: `problem ${id} ${top.key}`,
        group: "problem",
        title: messageOf(top, language),
        detail: name,
        href: subjectHref(id, top.subject),
        words: `${top.check} ${top.message}`,
      });
  }
  for (const node of host?.nodes ?? []) {
    if (node.kind === selfKind) continue;
    hits.push({
      id: `node ${node.id}`,
      group: isGuest(node) ? "vm" : "node",
      title: node.name,
      detail: `${kindName(node.kind)}, ${host?.host.name ?? ""}`,
      href: subjectHref(node.host, node.id),
      words: stringsIn(node.attributes).join(" "),
    });
  }
  return hits;
}

const ranks: Readonly<Record<Hit["group"], number>> = { problem: 0, host: 1, vm: 2, address: 3, node: 4, page: 5 };

const natural = new Intl.Collator("en", { numeric: true });

/** Hits that hold every word of the question, best first: a title that begins with it, then titles, then what lies inside. At most `max`. */
export function searchHits(hits: readonly Hit[], question: string, max = 40): Hit[] {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return hits.filter((h) => h.group !== "node" && h.group !== "vm").slice(0, max);
  const scored: { hit: Hit; score: number }[] = [];
  for (const hit of hits) {
    const title = hit.title.toLowerCase();
    const all = `${title} ${hit.detail} ${hit.words}`.toLowerCase();
    if (!words.every((w) => all.includes(w))) continue;
    const first = words[0] ?? "";
    const place = title === question.toLowerCase() ? 0 : title.startsWith(first) ? 1 : title.includes(first) ? 2 : 3;
    scored.push({ hit, score: place * 10 + ranks[hit.group] });
  }
  return scored
    .sort((a, b) => a.score - b.score || natural.compare(a.hit.title, b.hit.title))
    .slice(0, max)
    .map((s) => s.hit);
}
