/** What came of a request: `done` was acknowledged with 2xx, `refused` was turned down in words; of `unheard` nobody knows whether it was carried out. */
export type Outcome =
  | { readonly kind: "done"; readonly body: unknown }
  | { readonly kind: "refused"; readonly status: number; readonly says: string }
  | { readonly kind: "unheard"; readonly says: string };

/** The REST API as a logged-in person's browser uses it. */
export class Client {
  private cookie = "";
  readonly counts = { done: 0, refused: 0, unheard: 0 };

  constructor(private readonly url: () => string) {}

  /** Never rejects. */
  async ask(method: string, path: string, body?: unknown): Promise<Outcome> {
    const outcome = await this.send(method, path, body);
    if (method !== "GET") this.counts[outcome.kind]++;
    // Nobody is there just now: to knock on would only count what says nothing.
    if (outcome.kind === "unheard") await new Promise((resolve) => setTimeout(resolve, 500));
    return outcome;
  }

  /** Reads; asks again while nobody answers, for two minutes. Throws what was said then. */
  async read<T>(path: string): Promise<T> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const outcome = await this.ask("GET", path);
      if (outcome.kind === "done") return outcome.body as T;
      if (outcome.kind === "refused" || Date.now() > deadline)
        throw new Error(`GET ${path}: ${outcome.kind}: ${outcome.says}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async send(method: string, path: string, body: unknown): Promise<Outcome> {
    try {
      const answer = await fetch(`${this.url()}/api${path}`, {
        method,
        headers: { Origin: this.url(), Cookie: this.cookie, "Content-Type": "application/json" },
        signal: AbortSignal.timeout(20_000),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const [cookie] = answer.headers.getSetCookie();
      if (cookie) this.cookie = cookie.split(";", 1)[0] ?? "";
      const text = await answer.text();
      if (answer.ok) return { kind: "done", body: text === "" ? undefined : JSON.parse(text) };
      // 5xx: the other process went while it was at it, or before.
      if (answer.status >= 500) return { kind: "unheard", says: `${answer.status} ${text}` };
      return { kind: "refused", status: answer.status, says: `${answer.status} ${text}` };
    } catch (error) {
      return { kind: "unheard", says: String(error) };
    }
  }
}
