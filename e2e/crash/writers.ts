import type { Random } from "@/server/sim/random";
import type { Client, Outcome } from "./client";
import { Ledger } from "./ledger";

/** Something that is written all the time, and can tell what of it should be there. A new one is one class here and one line in `writersOf`. */
export interface Writer {
  readonly ledger: Ledger;
  /** One write. */
  write(): Promise<void>;
  /** What REST has of it now, by key. */
  found(): Promise<ReadonlyMap<string, string>>;
}

/** Writes down what came of it. Refused: nothing was written; that is a fault of the writer's, unless it says so. */
function book(ledger: Ledger, key: string, value: string | null, outcome: Outcome, mayBeRefused = false): void {
  if (outcome.kind === "done") ledger.acknowledged(key, value);
  else if (outcome.kind === "unheard") ledger.unheard(key, value);
  else if (!mayBeRefused) throw new Error(`${ledger.what} ${key}: ${outcome.says}`);
}

const mostOf = 10;
/** The list of shares ends somewhere. */
const mostShares = 150;

/** A whole number, both ends included. */
const between = (random: Random, least: number, most: number) => least + random.below(most - least + 1);

/** Hosts that nobody reaches: saved, changed, removed. */
class Hosts implements Writer {
  readonly ledger = new Ledger("host");
  constructor(
    private readonly client: Client,
    private readonly random: Random,
  ) {}
  async write(): Promise<void> {
    const id = `lost-${between(this.random, 0, mostOf - 1)}`;
    if (between(this.random, 0, 4) === 0) {
      // Not there, or no longer, is as good as removed.
      const outcome = await this.client.ask("DELETE", `/hosts/${id}`);
      return book(this.ledger, id, null, outcome, true);
    }
    const address = `127.${between(this.random, 1, 250)}.${between(this.random, 1, 250)}.${between(this.random, 1, 250)}`;
    const spec = { id, address, port: 9, user: "root", login: { kind: "password", password: "nobody is there" } };
    book(this.ledger, id, address, await this.client.ask("POST", "/hosts", spec));
  }
  async found(): Promise<ReadonlyMap<string, string>> {
    const { cards } = await this.client.read<{ cards: { host: { id: string; address: string } }[] }>("/hosts");
    return new Map(cards.map(({ host }) => [host.id, host.address]));
  }
}

interface Threshold {
  readonly check: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
}

class Thresholds implements Writer {
  readonly ledger = new Ledger("threshold");
  private all: readonly Threshold[] = [];
  constructor(
    private readonly client: Client,
    private readonly random: Random,
  ) {}
  async write(): Promise<void> {
    if (this.all.length === 0) {
      this.all = (await this.list()).filter(({ min, max }) => Math.ceil(min) <= Math.floor(max)).slice(0, mostOf);
      for (const { check, name, value } of this.all) this.ledger.acknowledged(`${check}.${name}`, String(value));
    }
    const { check, name, min, max } = this.random.pick(this.all);
    const value = between(this.random, Math.ceil(min), Math.floor(Math.min(max, min + 1_000)));
    const outcome = await this.client.ask("PATCH", "/settings", { check, name, value });
    book(this.ledger, `${check}.${name}`, String(value), outcome);
  }
  async found(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.list()).map(({ check, name, value }) => [`${check}.${name}`, String(value)]));
  }
  private list = async () => (await this.client.read<{ settings: Threshold[] }>("/settings")).settings;
}

interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
}

class Users implements Writer {
  readonly ledger = new Ledger("user");
  constructor(
    private readonly client: Client,
    private readonly random: Random,
  ) {}
  async write(): Promise<void> {
    const email = `u${between(this.random, 0, mostOf - 1)}@example.org`;
    const there = (await this.list()).find((user) => user.email === email);
    const name = `n${between(this.random, 0, 1_000_000)}`;
    const role = this.random.pick(["viewer", "operator"]);
    const value = `${name}, ${role}`;
    if (!there) {
      const user = { name, email, role, password: "a long enough passphrase" };
      return book(this.ledger, email, value, await this.client.ask("POST", "/users", user));
    }
    if (between(this.random, 0, 3) === 0)
      return book(this.ledger, email, null, await this.client.ask("DELETE", `/users/${there.id}`));
    const change = await this.client.ask("PATCH", `/users/${there.id}`, { name, role });
    // Name and role are two rows of work: of a change that was not heard of one may be there without the other.
    if (change.kind === "unheard")
      for (const part of [`${name}, ${there.role}`, `${there.name}, ${role}`]) this.ledger.unheard(email, part);
    book(this.ledger, email, value, change);
  }
  async found(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.list()).map(({ email, name, role }) => [email, `${name}, ${role}`]));
  }
  private list = async () => (await this.client.read<{ users: UserRow[] }>("/users")).users;
}

const adoptEvery = 10;

class Tokens implements Writer {
  readonly ledger = new Ledger("token");
  private made = 0;
  private readonly ids: { id: string; name: string }[] = [];
  constructor(
    private readonly client: Client,
    private readonly random: Random,
  ) {}
  async write(): Promise<void> {
    if (this.ids.length > mostOf || (this.ids.length > 2 && between(this.random, 0, 2) === 0)) {
      const [token] = this.ids.splice(between(this.random, 0, this.ids.length - 1), 1);
      if (!token) return;
      return book(this.ledger, token.name, null, await this.client.ask("DELETE", `/tokens/${token.id}`));
    }
    if (this.made % adoptEvery === adoptEvery - 1) await this.adopt();
    const name = `t${this.made++}`;
    const outcome = await this.client.ask("POST", "/tokens", { name, role: "viewer", expiresInDays: 30 });
    if (outcome.kind === "done") this.ids.push({ id: (outcome.body as { row: { id: string } }).row.id, name });
    book(this.ledger, name, "there", outcome);
  }
  async found(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.list()).map(({ name }) => [name, "there"]));
  }
  /** Those whose making was not heard of are there as well, and an account has 100 at most: they are revoked like the others. */
  private async adopt(): Promise<void> {
    const known = new Set(this.ids.map(({ id }) => id));
    for (const { id, name } of await this.list()) if (!known.has(id)) this.ids.push({ id, name });
  }
  private list = async () => (await this.client.read<{ tokens: { id: string; name: string }[] }>("/tokens")).tokens;
}

interface IncidentRow {
  readonly id: string;
  readonly note: string;
  readonly revoked: boolean;
}

/** Shares of a host of the demo. The note is the key, for the id of one that was not heard of is not known. */
class Shares implements Writer {
  readonly ledger = new Ledger("share");
  private made = 0;
  private readonly open: { id: string; note: string }[] = [];
  constructor(
    private readonly client: Client,
    private readonly random: Random,
  ) {}
  async write(): Promise<void> {
    if (this.open.length > 3 && between(this.random, 0, 2) === 0) {
      const [share] = this.open.splice(between(this.random, 0, this.open.length - 1), 1);
      if (!share) return;
      return book(this.ledger, share.note, "revoked", await this.client.ask("DELETE", `/incidents/${share.id}`));
    }
    const { cards } = await this.client.read<{ cards: { host: { id: string; demo: boolean; state: string } }[] }>(
      "/hosts",
    );
    const demo = cards.find(({ host }) => host.demo && host.state === "live");
    // The demo comes up again with the collector, a little later.
    if (!demo) return;
    if (this.made >= mostShares) return;
    const note = `s${this.made++}`;
    const outcome = await this.client.ask("POST", "/incidents", { host: demo.host.id, note });
    if (outcome.kind === "done") this.open.push({ id: (outcome.body as { id: string }).id, note });
    book(this.ledger, note, "open", outcome, outcome.kind === "refused" && outcome.status === 404);
  }
  async found(): Promise<ReadonlyMap<string, string>> {
    const { incidents } = await this.client.read<{ incidents: IncidentRow[] }>("/incidents");
    // A row is not all of it: the picture must open as well.
    for (const { id, revoked } of incidents.filter((one) => !one.revoked).slice(0, 3))
      if (!revoked) await this.client.read(`/incidents/${id}`);
    return new Map(incidents.map(({ note, revoked }) => [note, revoked ? "revoked" : "open"]));
  }
}

export const writersOf = (client: Client, random: Random): readonly Writer[] =>
  [Hosts, Thresholds, Users, Tokens, Shares].map((One) => new One(client, random.fork(One.name)));
