import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BusMethod, BusPush } from "@/lib/wire/bus";
import type { HostCard, HostDelta, HostSnapshot } from "@/lib/wire/model";
import type { TopicId } from "@/lib/wire/topics/registry";

/** Of every account of the site. */
export const password = "a long enough password";

/** How web processes of before topics are told of a change: the bench measures those too. */
interface OldDelta {
  readonly push: "delta";
  readonly delta: HostDelta;
}

/** What a test tells the site's collector; each is answered with `done` and the calls that the collector has had. */
export type ToSite = { readonly id: number } & (
  | { readonly do: "answer"; readonly method: BusMethod; readonly result: unknown; readonly byParam?: string }
  | { readonly do: "push"; readonly push: BusPush | OldDelta }
  | { readonly do: "change"; readonly topic: TopicId; readonly delta: unknown }
  | { readonly do: "up"; readonly up: boolean }
  | { readonly do: "build"; readonly build: string }
  | { readonly do: "reset" | "drop" | "calls" }
);
export type FromSite =
  | { readonly url: string }
  | { readonly done: number; readonly calls: readonly { readonly method: BusMethod; readonly params: unknown }[] };

type Calls = Extract<FromSite, { done: number }>["calls"];
type Order = ToSite extends infer T ? (T extends ToSite ? Omit<T, "id"> : never) : never;

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The web process under test, in a process of its own. */
export class Site {
  private next = 1;
  private readonly waiting = new Map<number, (calls: Calls) => void>();

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    child.on("message", (message: FromSite) => {
      if ("done" in message) {
        this.waiting.get(message.done)?.(message.calls);
        this.waiting.delete(message.done);
      }
    });
  }

  /**
   * @param env variables of the web process that differ (how it is reached).
   * @param tree the checkout whose web process and pages it is; its folder, with a slash at its end.
   */
  static async start(env: Readonly<Record<string, string>> = {}, tree = root): Promise<Site> {
    if (!existsSync(`${tree}.next/BUILD_ID`))
      throw new Error(`no build of the pages in ${tree}: run npm run build there`);
    const child = fork(`${tree}e2e/ui/site-process.ts`, [], {
      cwd: tree,
      execArgv: ["--import", "tsx"],
      env: { ...process.env, NODE_ENV: "production", ...env },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the web process ended with ${code}`)));
      child.on("message", (message: FromSite) => "url" in message && resolve(message.url));
    });
    return new Site(child, url);
  }

  private order(order: Order): Promise<Calls> {
    const id = this.next++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.send({ id, ...order });
    });
  }

  readonly reset = () => this.order({ do: "reset" });
  readonly push = (push: BusPush) => this.order({ do: "push", push });
  /** A change of a stream, with its next number; a host's delta has its own. */
  readonly change = (topic: TopicId, delta: unknown) => this.order({ do: "change", topic, delta });
  readonly setUp = (up: boolean) => this.order({ do: "up", up });
  /** A change of a host, in the form that the site of any commit understands. */
  readonly delta = (delta: HostDelta) => this.order({ do: "push", push: { push: "delta", delta } });
  /** What the web process says of the build that it serves, as after an update. */
  readonly setBuild = (build: string) => this.order({ do: "build", build });
  /** Cuts every open connection, as a restart of a proxy would. */
  readonly drop = () => this.order({ do: "drop" });
  readonly calls = () => this.order({ do: "calls" });
  readonly answer = (method: BusMethod, result: unknown, byParam?: string) =>
    this.order({ do: "answer", method, result, ...(byParam ? { byParam } : {}) });

  /** The fleet as the collector tells it, and the inside of these hosts. */
  async serve(cards: readonly HostCard[], snapshots: readonly HostSnapshot[] = []): Promise<void> {
    const epoch = snapshots[0]?.epoch ?? "e1";
    await this.push({ push: "hello", epoch });
    await this.answer("fleet.cards", { cards, epoch });
    await this.answer("host.snapshot", Object.fromEntries(snapshots.map((s) => [s.host.id, s])), "host");
  }

  stop(): void {
    this.child.disconnect();
  }
}
