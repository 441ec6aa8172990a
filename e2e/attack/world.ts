import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Product } from "@/e2e/product";
import type { HostCard, HostSnapshot } from "@/lib/wire/model";
import type { AuditRow, HostSpec, Role, TestResult } from "@/lib/wire/rest";
import { type Sim, startSim } from "@/server/sim";
import { Person, password, send, siteEnv } from "./people";
import { type Identity, identityOf, WebProcess } from "./web-process";

/** The password with which the collector logs in to the hosts: what an attacker would love to read. */
const hostPassword = "the-hypervisor-s-own-root-password";
const owner = "owner@example.org";

/** The product under attack as `npm start` starts it, the people who use it, two hosts that it watches, and the attackers' own means. */
export class World {
  readonly hostPassword = hostPassword;
  private made = 0;

  private constructor(
    readonly product: Product,
    readonly port: number,
    readonly sim: Sim,
    readonly admin: Person,
    readonly operator: Person,
    readonly viewer: Person,
    readonly web: WebProcess,
    readonly setupToken: string,
    /** Home of the user who started the product: keys of its own, and an agent that it talks to. */
    readonly home: string,
    readonly agent: Agent,
    public pids: { web: number; collector: number },
  ) {}

  static async make(env?: NodeJS.ProcessEnv): Promise<World> {
    const port = await freePort();
    const home = makeHome();
    const agent = await Agent.start(join(home, "agent.sock"));
    const started = { ...process.env, ...siteEnv, HOME: home, SSH_AUTH_SOCK: agent.path, ...env };
    const product = await Product.start({ port, env: started });
    try {
      const sim = await startSim({ hosts: 2, guests: 4, seed: 41, password: hostPassword });
      const setupToken = await until("the setup link", async () => /\/setup\?token=([\w-]+)/.exec(product.log)?.[1]);
      await until("the site", async () => (await send(port, "/healthz", null)).text.includes('"collector":"up"'));
      const first = await send(port, "/api/auth/setup", null, {
        method: "POST",
        body: { token: setupToken, name: "Owner", email: owner, password },
      });
      if (first.status !== 200) throw new Error(`no first admin: ${first.status} ${first.text}`);
      const admin = await Person.login(port, owner);
      const [operator, viewer] = [await addPerson(admin, "operator"), await addPerson(admin, "viewer")];
      const pids = await product.pids();
      const web = await WebProcess.own(identityOf(pids.web));
      const world = new World(product, port, sim, admin, operator, viewer, web, setupToken, home, agent, pids);
      for (const spec of sim.specs()) await world.addHost(spec);
      await world.live("kvm-01", 60_000);
      return world;
    } catch (error) {
      console.error(product.log.slice(-4_000));
      await product.dispose();
      throw error;
    }
  }

  /** The same world, whose web process runs as somebody else. */
  withWebAs(identity: Partial<Identity>): World {
    return Object.create(this, { web: { value: this.web.as(identity) } }) as World;
  }

  get data(): string {
    return this.product.data;
  }

  get secretKey(): string {
    return readFileSync(join(this.data, "secret.key"), "utf8").trim();
  }

  /** Another account, with a session of its own. */
  async person(role: Role): Promise<Person> {
    this.made++;
    return addPerson(this.admin, role, `${role}-${this.made}@example.org`);
  }

  /** Adds a host as an admin does: tests, compares the key, saves. */
  async addHost(spec: HostSpec): Promise<void> {
    await this.trust(spec);
    await this.admin.must("/api/hosts", { method: "POST", body: spec });
  }

  /** Approves the key that a host shows; what it answers beyond that is returned. */
  async trust(spec: HostSpec): Promise<TestResult> {
    for (let hop = 0; ; hop++) {
      const tested = await this.test(spec);
      if (tested.kind !== "key" || hop > 5) return tested;
      await this.admin.must("/api/hosts/keys", { method: "POST", body: { question: tested.question } });
    }
  }

  test(spec: HostSpec): Promise<TestResult> {
    return this.admin.must<TestResult>("/api/hosts/test", { method: "POST", body: spec, timeoutMs: 100_000 });
  }

  removeHost(id: string): Promise<unknown> {
    return this.admin.send(`/api/hosts/${id}`, { method: "DELETE" });
  }

  async card(id: string): Promise<HostCard | undefined> {
    const { cards } = await this.admin.must<{ cards: HostCard[] }>("/api/hosts");
    return cards.find((card) => card.host.id === id);
  }

  snapshot(id: string): Promise<HostSnapshot> {
    return this.admin.must<HostSnapshot>(`/api/hosts/${id}/snapshot`);
  }

  live(id: string, withinMs = 30_000): Promise<unknown> {
    return until(`${id} live`, async () => (await this.card(id))?.host.state === "live", withinMs);
  }

  /** A change on the first simulated host, and how long it took until the product told it, ms; null where it never did. */
  async changeArrives(withinMs = 15_000): Promise<number | null> {
    const { machine, id } = this.sim.host("kvm-01");
    const guest = [...machine.state.guests.keys()][0] ?? "";
    const tap = machine.tap(guest).name;
    this.mtu += 1;
    const begun = Date.now();
    machine.setMtu(tap, this.mtu);
    while (Date.now() - begun < withinMs) {
      const { nodes } = await this.snapshot(id);
      if (nodes.some((node) => node.attributes.mtu === this.mtu)) return Date.now() - begun;
      await sleep(100);
    }
    return null;
  }
  private mtu = 1_300;

  /** Newest rows of the audit log. */
  async audit(limit = 60): Promise<readonly AuditRow[]> {
    return (await this.admin.must<{ rows: AuditRow[] }>(`/api/audit?limit=${limit}`)).rows;
  }

  /** Why the product is not as it was before; null where it is. A process that was started again has died. */
  async unwell(): Promise<string | null> {
    const now = await this.product.pids();
    const before = this.pids;
    this.pids = now;
    if (now.collector !== before.collector) return "the collector died";
    if (now.web !== before.web) return "the web process died";
    const health = await send(this.port, "/healthz", null);
    if (!health.text.includes('"collector":"up"')) return `the site answers ${health.status} ${health.text}`;
    if ((await this.card("kvm-01"))?.host.state !== "live") return "a host that has nothing to do with it is not live";
    return null;
  }

  /** Waits until an unwell product is well again, for the attacks after this one. */
  async recovered(): Promise<void> {
    await until("the product well again", async () => (await this.unwell().catch(() => "down")) === null, 90_000);
  }

  /** Starts the product a second time, for everybody and by plain http, and tells what it says. Ends it again. */
  async startsInTheClear(): Promise<{ started: boolean; text: string }> {
    const { TAPROOT_URL: _, TAPROOT_PROXY: __, ...env } = process.env;
    const data = mkdtempSync(join(tmpdir(), "taproot-attack-clear-"));
    const argv = ["scripts/start.mjs", "--no-build", "--host", "0.0.0.0", "--port", "0", "--data", data];
    const child = spawn(process.execPath, argv, { cwd: productFolder, env: { ...env, HOME: this.home } });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => {
        text += bytes.toString("utf8");
      });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    try {
      await until(
        "the product started or ended",
        async () => child.exitCode !== null || text.includes("Taproot is at"),
        60_000,
      );
      return { started: text.includes("Taproot is at"), text: text.trim() };
    } finally {
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true, force: true });
    }
  }

  async dispose(): Promise<void> {
    await this.product.dispose();
    await this.sim.stop();
    this.agent.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

const productFolder = fileURLToPath(new URL("../..", import.meta.url));

/** A home as an operator has it, closed to others as it is. */
function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), "taproot-attack-home-"));
  chmodSync(home, 0o700);
  mkdirSync(join(home, ".ssh"), { mode: 0o700 });
  writeFileSync(join(home, ".ssh/id_ed25519"), "a private key that opens other doors\n", { mode: 0o600 });
  writeFileSync(join(home, ".ssh/config"), "");
  return home;
}

/** An SSH agent that only counts who asks. */
class Agent {
  asked = 0;

  private constructor(
    readonly path: string,
    private readonly server: Server,
  ) {
    server.on("connection", (socket) => {
      this.asked++;
      socket.destroy();
    });
  }

  static start(path: string): Promise<Agent> {
    const server = createServer();
    return new Promise((resolve) => {
      server.listen(path, () => resolve(new Agent(path, server)));
    });
  }

  stop(): void {
    this.server.close();
  }
}

async function addPerson(admin: Person, role: Role, email = `${role}@example.org`): Promise<Person> {
  await admin.must("/api/users", { method: "POST", body: { name: role, email, password, role } });
  return Person.login(admin.port, email);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is so. Throws naming it when the time is up. */
export async function until<T>(what: string, look: () => Promise<T>, withinMs = 30_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<T>;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await sleep(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no free port")),
      );
    });
  });
}
