import type { EvidenceSchema, Finding } from "../checks/finding";
import type { Attributes } from "../graph/attributes";
import { edgeId, type Json } from "../graph/model";
import type { Problem } from "../problems/problem";
import { attributesOfEdge, attributesOfNode, describedIn } from "../text/attributes";
import type { HostSnapshot } from "../wire/model";
import type { Incident } from "../wire/share";
import { nameMasks } from "./names";
import type { Keyed } from "./random";
import { find, type MaskWhat, TextMasker } from "./text";

export type { Keyed } from "./random";
export type { MaskWhat } from "./text";

/**
 * Frees an incident of MACs, addresses and names: the same thing gets the same mask everywhere in it - in nodes, ids, sentences, evidence and commands - so
 * it can be followed, and none can be turned back: what decides is `keyed`, whose salt nobody keeps. Shape, states, times, counters and the words of the
 * checks stay. Names are those that Taproot knows (hosts, guests, interfaces but for usual ones like br0, neighbours, networks); a kernel log may hold others.
 *
 * @param keyed HMAC-SHA-256 under a salt that is forgotten afterwards; the same salt gives the same masks.
 */
export function maskIncident(incident: Incident, what: MaskWhat, keyed: Keyed): Incident {
  if (!what.macs && !what.addresses && !what.names) return incident;
  return new Masking(incident, what, keyed).incident();
}

class Masking {
  private readonly text: (text: string) => string;
  private readonly ids = new Map<string, string>();
  private readonly taken = new Set<string>();

  constructor(
    private readonly whole: Incident,
    private readonly what: MaskWhat,
    keyed: Keyed,
  ) {
    const order = (text: string) => String.fromCharCode(...keyed(`order ${text}`).slice(0, 16));
    const names = what.names ? nameMasks(whole, order) : new Map<string, string>();
    this.text = new TextMasker(find(stringsOf(whole as unknown as Json)), what, names, keyed).text;
    for (const node of whole.snapshot.nodes) this.claim(node.id, this.idText(node.id));
    for (const edge of whole.snapshot.edges)
      this.claim(
        edge.id,
        edge.id === edgeId(edge.kind, edge.from, edge.to)
          ? edgeId(edge.kind, this.id(edge.from), this.id(edge.to))
          : this.idText(edge.id),
      );
  }

  incident(): Incident {
    const { version, takenAt, madeBy, note, selection, snapshot } = this.whole;
    return {
      version,
      takenAt,
      madeBy: this.text(madeBy),
      note: this.text(note).slice(0, 4000),
      ...(selection === undefined ? {} : { selection: this.reference(selection) }),
      masked: { macs: this.what.macs, addresses: this.what.addresses, names: this.what.names },
      snapshot: this.snapshot(snapshot),
    };
  }

  private snapshot(all: HostSnapshot): HostSnapshot {
    const { host } = all;
    return {
      ...all,
      host: {
        ...host,
        id: this.host(host.id),
        name: this.text(host.name),
        address: this.text(host.address),
        ...(host.reason === undefined ? {} : { reason: this.text(host.reason) }),
      },
      nodes: all.nodes.map((node) => ({
        ...node,
        id: this.id(node.id),
        host: this.host(node.host),
        name: this.text(node.name),
        attributes: this.attributes(node.attributes, attributesOfNode(node)),
      })),
      edges: all.edges.map((edge) => ({
        ...edge,
        id: this.id(edge.id),
        host: this.host(edge.host),
        from: this.id(edge.from),
        to: this.id(edge.to),
        ...(edge.attributes === undefined
          ? {}
          : { attributes: this.attributes(edge.attributes, attributesOfEdge(edge)) }),
      })),
      findings: all.findings.map((finding) => this.finding(finding)),
      problems: all.problems.map((problem) => this.problem(problem)),
      passed: all.passed.map(({ subject, checks }) => ({ subject: this.id(subject), checks })),
      probes: all.probes.map((probe) =>
        probe.detail === undefined ? probe : { ...probe, detail: this.text(probe.detail) },
      ),
    };
  }

  private finding(finding: Finding): Finding {
    const evidence = finding.evidence.map(({ command, excerpt }: Evidence) => ({
      command: this.text(command),
      excerpt: this.text(excerpt),
    }));
    const { because, cause } = finding;
    return {
      ...finding,
      key: this.reference(finding.key),
      host: this.host(finding.host),
      subject: this.id(finding.subject),
      message: this.text(finding.message),
      params: this.params(finding.params),
      evidence,
      breaks: finding.breaks.map((id) => this.id(id)),
      alsoOn: finding.alsoOn.map((id) => this.id(id)),
      impacts: finding.impacts.map((id) => this.id(id)),
      ...(because === undefined ? {} : { because: this.word(because) }),
      ...(cause === undefined ? {} : { cause: this.reference(cause) }),
    };
  }

  private problem(problem: Problem): Problem {
    return {
      ...problem,
      key: this.reference(problem.key),
      subject: this.id(problem.subject),
      message: this.text(problem.message),
      params: this.params(problem.params),
      tail: problem.tail.map(({ key, cause }) => ({ key: this.reference(key), cause: this.reference(cause) })),
      impacts: problem.impacts.map((id) => this.id(id)),
    };
  }

  private params(params: Finding["params"]): Finding["params"] {
    return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, this.word(value)]));
  }

  private word<T extends string | number | { en: string; zh: string }>(value: T): T {
    if (typeof value === "string") return this.text(value) as T;
    if (typeof value === "number") return value;
    return { en: this.text(value.en), zh: this.text(value.zh) } as T;
  }

  /**
   * Names of attributes are ours; keys deeper down are a host's. Words of the trade stay, for the page looks at them: a guest called "up" shall not change
   * them. What the kind does not know is a host's text.
   */
  private attributes(values: Readonly<Record<string, Json>>, known: Attributes): Record<string, Json> {
    return Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        describedIn(known, key)?.form === "term" ? value : this.json(value),
      ]),
    );
  }

  private json(value: Json): Json {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return (value as readonly Json[]).map((item) => this.json(item));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.json(item)]));
  }

  private host(id: string): string {
    return this.text(id);
  }

  private id(id: string): string {
    return this.ids.get(id) ?? this.claim(id, this.idText(id));
  }

  /** `<check>@<id>` of a finding, or an id. The check's name is ours. */
  private reference(text: string): string {
    const at = text.indexOf("@");
    return at > 0 && !this.ids.has(text) && /^[a-z\d-]+$/.test(text.slice(0, at))
      ? `${text.slice(0, at)}@${this.id(text.slice(at + 1))}`
      : this.id(text);
  }

  /** `<host>/<kind>/<name>`: the kind is no name, though a guest may be called so. */
  private idText(id: string): string {
    const [host = "", kind, ...rest] = id.split("/");
    if (kind === undefined) return this.text(id);
    return [this.text(host), kind, ...(rest.length > 0 ? [this.text(rest.join("/"))] : [])].join("/");
  }

  /** Two things never become one: what two names make of an id may be the same text. */
  private claim(id: string, wanted: string): string {
    let mask = wanted;
    for (let copy = 2; this.taken.has(mask); copy++) mask = `${wanted}~${copy}`;
    this.taken.add(mask);
    this.ids.set(id, mask);
    return mask;
  }
}

type Evidence = (typeof EvidenceSchema)["_output"];

/** Every text of a value, names of fields included. */
export function* stringsOf(value: Json): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* stringsOf(item);
  else if (value !== null && typeof value === "object")
    for (const [key, item] of Object.entries(value)) {
      yield key;
      yield* stringsOf(item);
    }
}
