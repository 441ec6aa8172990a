import type { NetnsHost } from "../netns/host";
import type { Product } from "../product";
import { admin } from "../product";
import { sleep } from "./stats";

/** The first admin of a fresh product, without a browser: what scripts of users do. */
export class Client {
  private constructor(
    private readonly product: Product,
    readonly cookie: string,
  ) {}

  static async open(product: Product): Promise<Client> {
    const token = new URL(await product.setupLink()).searchParams.get("token");
    const answer = await fetch(`${product.url}/api/auth/setup`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: product.url },
      body: JSON.stringify({ token, ...admin }),
    });
    if (!answer.ok) throw new Error(`setup: ${answer.status} ${await answer.text()}`);
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    return new Client(product, cookie);
  }

  get(path: string): Promise<unknown> {
    return this.ask("GET", path);
  }

  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.product.url}/api${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        origin: this.product.url,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Adds a namespace host, its key approved first, and waits until it is live. */
  async addHost(host: NetnsHost, id: string): Promise<void> {
    const { address, port, user, privateKey } = host.ssh;
    const spec = { id, address, port, user, login: { kind: "key", privateKey } };
    const asked = (await this.ask("POST", "/hosts/test", spec)) as { kind: string; question?: { fingerprint: string } };
    if (asked.kind !== "key" || asked.question?.fingerprint !== host.ssh.fingerprint)
      throw new Error(`another key than the host's: ${JSON.stringify(asked)}`);
    await this.ask("POST", "/hosts/keys", { question: asked.question });
    await this.ask("POST", "/hosts", spec);
    await this.until(async () => {
      const { cards } = (await this.get("/hosts")) as { cards: { host: { id: string; state: string } }[] };
      return cards.some((card) => card.host.id === id && ["live", "degraded"].includes(card.host.state));
    });
  }

  async until(test: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await test().catch(() => false))) {
      if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms`);
      await sleep(100);
    }
  }
}
