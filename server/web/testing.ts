import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BusMethod, type BusParams, type BusPush, type BusResult, busMethods, type Who } from "@/lib/wire/bus";
import { type HostCard, type HostDelta, HostSnapshot } from "@/lib/wire/model";
import type { Role } from "@/lib/wire/rest";
import type { TopicId } from "@/lib/wire/topics/registry";
import { addUser, login } from "@/server/auth/accounts";
import { type Auth, openAuth } from "@/server/auth/engine";
import { type LoginLimits, openLoginLimits } from "@/server/auth/login-limits";
import { addToken } from "@/server/auth/tokens";
import { whoIsWith } from "@/server/auth/who";
import { BusProblem } from "@/server/bus/problem";
import type { BusHandlers } from "@/server/bus/server";
import { accountMethods } from "@/server/collector/accounts";
import { auditMethods } from "@/server/collector/audit";
import { makeAuthorise } from "@/server/collector/authorise";
import type { Fleet } from "@/server/collector/fleet/fleet";
import { retentionMethods } from "@/server/collector/housekeeping";
import { incidentMethods } from "@/server/collector/incidents";
import { RefusedRows } from "@/server/collector/refused-rows";
import { openStore, type Store } from "@/server/store/store";
import type { Collector } from "./collector";
import { readConfig } from "./config";
import { contractOf, holds } from "./holds";
import { sessionCookieName } from "./http/site";
import { makeServer } from "./server";
import { askingWhoIs } from "./who-is";

/** The collector's own accounts, incidents and audit log: what stands behind a test's collector. */
export interface RealPart {
  readonly handlers: BusHandlers;
  readonly whoIs: (session: string) => Promise<Who | null>;
}

/**
 * A collector whose accounts, incidents and audit log are the real ones, and that answers from a table otherwise. It remembers what it was asked, but for
 * the real part. For tests.
 */
export class FakeCollector implements Collector {
  up = true;
  real: RealPart | undefined;
  /** Numbers of the streams that have none of their own. */
  private epoch = "e1";
  private readonly seqs = new Map<string, number>();
  readonly calls: { method: BusMethod; params: unknown; credential: string }[] = [];
  /** The time that each method was given when it was last asked, ms. */
  readonly limits = new Map<BusMethod, number>();
  readonly answers = new Map<BusMethod, (params: unknown) => unknown>();
  private readonly pushes = new Set<(push: BusPush) => void>();
  private readonly states = new Set<(up: boolean) => void>();

  async call<M extends BusMethod>(
    method: M,
    params: BusParams<M>,
    credential: string,
    limitMs = 0,
  ): Promise<BusResult<M>> {
    this.limits.set(method, limitMs);
    const real = this.real?.handlers[method] as ((params: unknown, who: Who | null) => Promise<unknown>) | undefined;
    if (!real) this.calls.push({ method, params, credential });
    if (!this.up) throw new BusProblem("collector-down", "The collector does not answer.");
    if (method === "topic.watch" && !this.answers.has(method))
      return this.stream(params as BusParams<"topic.watch">) as Promise<BusResult<M>>;
    const result: unknown = real
      ? await real(busMethods[method].params.parse(params), await this.callerOf(method, credential))
      : await this.answers.get(method)?.(params);
    // The table's answers are checked as the bus checks them, so a test cannot stand on a shape that does not exist.
    return busMethods[method].result.parse(result ?? {}) as BusResult<M>;
  }
  private async callerOf(method: BusMethod, credential: string): Promise<Who | null> {
    const whoIs = this.real?.whoIs ?? (async () => null);
    const { role } = busMethods[method];
    return role === "open" ? whoIs(credential) : makeAuthorise(whoIs)(credential, role);
  }

  /** A stream by what the table says of hosts and fleet, so that a test says it once. */
  private async stream({ topic, key, bare }: BusParams<"topic.watch">): Promise<BusResult<"topic.watch">> {
    const { epoch, seq, ...snapshot } = await this.stateOf(topic, key);
    return busMethods["topic.watch"].result.parse({ epoch, seq, ...(bare ? {} : snapshot) });
  }
  private async stateOf(topic: string, key: string | undefined) {
    if (topic === "host") {
      const answer = await this.answers.get("host.snapshot")?.({ host: key });
      if (answer === undefined) throw new BusProblem("not-found", `there is no host ${key}`);
      const snapshot = HostSnapshot.parse(answer);
      return { epoch: snapshot.epoch, seq: snapshot.seq, snapshot };
    }
    const mark = { epoch: this.epoch, seq: this.seqs.get(topic) ?? 0 };
    if (topic === "fleet") {
      const { cards } = busMethods["fleet.cards"].result.parse(
        (await this.answers.get("fleet.cards")?.({})) ?? { cards: [], epoch: "" },
      );
      return { ...mark, snapshot: { cards } };
    }
    return { ...mark, snapshot: { [topic === "job" ? "jobs" : topic]: [] } };
  }

  /** A change of a stream with its next number, as the collector would push it; a host's delta has its own. */
  change(topic: TopicId, delta: unknown): void {
    if (topic === "host") {
      const { host: key, epoch, seq } = delta as HostDelta;
      this.push({ push: "change", topic, key, epoch, seq, delta });
      return;
    }
    const seq = (this.seqs.get(topic) ?? 0) + 1;
    this.seqs.set(topic, seq);
    this.push({ push: "change", topic, epoch: this.epoch, seq, delta });
  }

  onPush(listener: (push: BusPush) => void): () => void {
    this.pushes.add(listener);
    return () => this.pushes.delete(listener);
  }
  onState(listener: (up: boolean) => void): () => void {
    this.states.add(listener);
    return () => this.states.delete(listener);
  }
  push(push: BusPush): void {
    if (push.push === "hello") {
      if (push.epoch !== this.epoch) this.seqs.clear();
      this.epoch = push.epoch;
    }
    for (const listener of this.pushes) listener(push);
  }
  setUp(up: boolean): void {
    this.up = up;
    for (const listener of this.states) listener(up);
  }
}

/** Somebody of this role, as a session tells him. */
export const person = (role: Role): Who => ({
  id: role,
  name: `the ${role}`,
  email: `${role}@example.org`,
  role,
  by: "session",
  session: "s",
  expiresAt: null,
});

/** Master key of test stores. */
export const testKey = Buffer.alloc(32, 7);

/** The real part over a store; a host's picture is whatever the table says of it. */
export async function realPart(
  store: Store,
  collector: FakeCollector,
  now?: () => number,
): Promise<RealPart & { readonly auth: Auth; readonly limits: LoginLimits; readonly refusals: RefusedRows }> {
  const auth = await openAuth(store);
  const refusals = new RefusedRows(store.audit, () => undefined);
  const limits = await openLoginLimits(store.login, store.keyFor("devices"), now);
  const pictures = {
    host: (host: string) => {
      const snapshot = collector.answers.get("host.snapshot")?.({ host });
      return snapshot && { engine: { snapshot: () => snapshot } };
    },
  } as unknown as Pick<Fleet, "host">;
  return {
    auth,
    limits,
    refusals,
    whoIs: async (session) => (session === "" ? null : whoIsWith(auth, session)),
    handlers: {
      ...accountMethods({ auth, limits, audit: store.audit, refusals }),
      ...incidentMethods({ fleet: pictures, incidents: store.incidents, audit: store.audit }),
      ...auditMethods(store.audit),
      ...retentionMethods(store),
    },
  };
}

export const testPassword = "a long enough password";

export interface Call {
  readonly method?: string;
  /** A value is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly cookie?: string;
  readonly token?: string;
  /** Default: the site's own. null: none. */
  readonly origin?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole web process on a free port with a store in a temporary folder; pages are drawn as "page <address>". For tests. */
export async function startSite(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly now?: () => number;
    /** Default: a free one. */
    readonly port?: number;
    readonly onDraw?: (request: IncomingMessage) => void;
  } = {},
) {
  // Long: the parts of a site are made in the order in which they need each other.
  const dataDir = mkdtempSync(join(tmpdir(), "taproot-web-"));
  const store = await openStore(dataDir, testKey);
  const collector = new FakeCollector();
  const real = await realPart(store, collector, options.now);
  const { auth } = real;
  collector.real = real;
  const logged: string[] = [];
  const config = readConfig({ ...options.env, TAPROOT_DATA: dataDir, TAPROOT_PORT: "0" });
  const parts = {
    config,
    collector,
    whoIs: askingWhoIs(collector),
    log: (line: string) => logged.push(line),
  };
  const secure = config.transport.kind === "tls" || config.url?.protocol === "https:";
  const drawn: { url: string; policy: string }[] = [];
  const server = makeServer(
    parts,
    async (request, response) => {
      options.onDraw?.(request);
      drawn.push({
        url: request.url ?? "",
        policy: String(request.headers["content-security-policy"]),
      });
      response.end(`page ${request.url}`);
    },
    { pulseMs: 100, recheckMs: 100 },
  );
  await new Promise<void>((resolve) => server.http.listen(options.port ?? 0, "127.0.0.1", resolve));
  const scheme = config.transport.kind === "tls" ? "https" : "http";
  const url = `${scheme}://127.0.0.1:${(server.http.address() as AddressInfo).port}`;

  /** Makes an account of this role and logs it in. */
  const newPerson = async (role: Role, name: string = role) => {
    const email = `${name}@example.org`;
    const { id } = await addUser(auth, { name, email, password: testPassword, role });
    const value = await login(auth, { email, password: testPassword }, { address: "127.0.0.1", browser: "test" });
    const { token, row } = await addToken(auth, { id, role }, { name: "script", role, expiresInDays: 90 });
    return { id, email, credential: value, cookie: `${sessionCookieName(secure)}=${value}`, token, tokenId: row.id };
  };

  /** Asks the site. What a route of the REST interface answers is held against its contract. */
  const call = async (path: string, { method = "GET", body, cookie, token, origin = url, headers }: Call = {}) => {
    const answer = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(cookie === undefined ? {} : { Cookie: cookie }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(origin === null ? {} : { Origin: origin }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const route = contractOf(method, path);
    if (route) await holds(route, answer);
    return answer;
  };

  return {
    url,
    store,
    auth,
    refusals: real.refusals,
    collector,
    logged,
    drawn,
    person: newPerson,
    call,
    web: server.web,
    reload: server.reload,
    async close() {
      await server.close();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
export type Site = Awaited<ReturnType<typeof startSite>>;

/** Code of an error answer. */
export async function codeOf(response: Response): Promise<string> {
  const body = (await response.json()) as { error?: { code?: string } };
  return body.error?.code ?? "none";
}

/** A small host with one failing NIC. */
export function sampleSnapshot(host = "lab", seq = 1, epoch = "e1"): HostSnapshot {
  return {
    host: {
      id: host,
      name: host,
      address: "192.0.2.1",
      state: "live",
      since: 1_700_000_000_000,
      seenAt: 1_700_000_000_000,
      demo: false,
    },
    seq,
    epoch,
    at: 1_700_000_000_000,
    nodes: [
      { id: `${host}/nic/eth0`, host, kind: "nic", name: "eth0", attributes: {}, status: "fail" },
      { id: `${host}/vm/web-07`, host, kind: "vm", name: "web-07", attributes: {}, status: "impacted" },
    ],
    edges: [],
    findings: [
      {
        key: `nic-no-carrier@${host}/nic/eth0`,
        check: "nic-no-carrier",
        layer: "physical",
        status: "fail",
        host,
        subject: `${host}/nic/eth0`,
        message: "eth0 has no carrier",
        params: { nic: "eth0" },
        evidence: [{ command: "ip -j -d link show", excerpt: "NO-CARRIER" }],
        breaks: [],
        cuts: true,
        alsoOn: [],
        since: 1_700_000_000_000,
        impacts: [`${host}/vm/web-07`],
      },
    ],
    problems: [
      {
        key: `nic-no-carrier@${host}/nic/eth0`,
        check: "nic-no-carrier",
        subject: `${host}/nic/eth0`,
        status: "fail",
        message: "eth0 has no carrier",
        params: { nic: "eth0" },
        tail: [],
        impacts: [`${host}/vm/web-07`],
        since: 1_700_000_000_000,
        last: 1_700_000_000_000,
        flaps: 0,
      },
    ],
    passed: [],
    probes: [],
  };
}

export function sampleDelta(seq: number, host = "lab", epoch = "e1"): HostDelta {
  return { host, epoch, seq, at: 1_700_000_000_000 + seq };
}

export function sampleCard(host: string): HostCard {
  const { host: info } = sampleSnapshot(host);
  const counts = { vms: 1, problems: 0, warnings: 0, unknown: 0, impacted: 0 };
  return { host: info, worst: "ok", counts, top: [], spark: [] };
}
