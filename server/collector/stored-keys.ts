import type { KeyQuestion } from "@/lib/wire/rest";
import { BusProblem } from "../bus/problem";
import type { KnownKey, KnownKeyRepository } from "../store/repositories/known-keys";
import type { KeyBook } from "./ssh/api";
import { approvalLine, hostName, type KnownEntry, parseKnownHosts, speaksOf } from "./ssh/known-hosts";

export interface ImportResult {
  readonly taken: number;
  readonly refused: { readonly line: number; readonly reason: string }[];
}

/** Whether a line trusts its key whatever the host: then whoever has that one key may pose as any of them. */
function speaksForAll({ marker, names }: KnownEntry): boolean {
  if (marker === "revoked" || names.kind === "hashed") return false;
  return names.patterns.some(({ glob, not }) => !not && !/[^*?.:-]/.test(glob.replace(/^\[(.*)\]:\d+$/, "$1")));
}

/** Host keys on record: those of the store, and for the time being those of the demo fleet. */
export class StoredKeys implements KeyBook {
  private stored: KnownKey[] = [];
  private demo: readonly string[] = [];

  constructor(private readonly repository: KnownKeyRepository) {}

  async load(): Promise<void> {
    this.stored = await this.repository.list();
  }

  lines(): readonly string[] {
    return [...this.stored.map((key) => key.line), ...this.demo];
  }

  /** Keys of simulated hosts: valid as long as these run, and never written down. */
  setDemo(lines: readonly string[]): void {
    this.demo = lines;
  }

  /**
   * Puts a key on record that a person has compared. Where another key of this host is on record, `replace` must name it; that one is then taken off.
   * Throws BusProblem "conflict" when it does not: a changed key is never approved with the same click as a new one.
   */
  async approve(question: KeyQuestion, replace: string | undefined, who: string): Promise<void> {
    const { address, port, keyType, fingerprint } = question;
    if (
      !/^SHA256:[A-Za-z0-9+/]{43}$/.test(fingerprint) ||
      !/^[a-z0-9@.-]{1,64}$/.test(keyType) ||
      /[\s,*?!|#]/.test(address)
    )
      throw new BusProblem("bad-request", "this is no host key that can be put on record");
    await this.load();
    const ours = this.stored.flatMap((key) => {
      const entry = parseKnownHosts([key.line]).entries[0];
      return entry && speaksOf(entry, address, port) ? [{ key, entry }] : [];
    });
    if (ours.some(({ entry }) => entry.marker === "revoked" && entry.fingerprint === fingerprint))
      throw new BusProblem("conflict", `this key of ${hostName(address, port)} is marked as revoked`);
    const others = ours.filter(({ entry }) => entry.marker === "none" && entry.fingerprint !== fingerprint);
    if (others.length > 0 && !others.some(({ entry }) => entry.fingerprint === replace))
      throw new BusProblem(
        "conflict",
        `another key of ${hostName(address, port)} is on record (${others.map(({ entry }) => entry.fingerprint).join(", ")}): it must be named to be replaced`,
      );
    // The new line first: were we to die in between, the old key still has to be named again, and nothing is lost.
    await this.repository.add(approvalLine({ address, port, keyType, fingerprint }), who, Date.now());
    for (const { key, entry } of others)
      if (entry.fingerprint === replace) await this.takeOff(key, entry, address, port);
    await this.load();
  }

  /** Takes over lines of a known_hosts file. Comments and empty lines are passed over; what cannot be read is named by its line. */
  async import(text: string, who: string): Promise<ImportResult> {
    let taken = 0;
    const refused: { line: number; reason: string }[] = [];
    const before = new Set((await this.repository.list()).map((key) => key.line));
    for (const [index, raw] of text.split(/\r?\n/).entries()) {
      const { entries, bad } = parseKnownHosts([raw]);
      const reason = bad[0]?.reason;
      if (reason !== undefined) refused.push({ line: index + 1, reason });
      else if (entries.some(speaksForAll))
        refused.push({
          line: index + 1,
          reason: "one key for every host: name the hosts, or a domain, that it is for",
        });
      else if (entries.length > 0) {
        const line = raw.trim();
        if (!before.has(line)) await this.repository.add(line, who, Date.now());
        before.add(line);
        taken++;
      }
    }
    await this.load();
    return { taken, refused };
  }

  /** A line of this host alone goes; one that speaks of others too is made not to speak of this host any more. */
  private async takeOff(key: KnownKey, entry: KnownEntry, address: string, port: number): Promise<void> {
    const name = hostName(address, port);
    const { names } = entry;
    const alone = names.kind === "hashed" || (names.patterns.length === 1 && names.patterns[0]?.glob === name);
    if (!alone) {
      const [first = "", ...rest] = key.line.trim().split(/[ \t]+/);
      await this.repository.add([`${first},!${name}`, ...rest].join(" "), key.who, key.at);
    }
    await this.repository.drop([key.id]);
  }
}
