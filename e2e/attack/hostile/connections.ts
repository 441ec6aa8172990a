import { readFileSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Attack, Attempt } from "../define";
import { HostileHost } from "../means/host";
import { sleep, until, type World } from "../world";

const memoryOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
/** What a test of one host may cost the collector, MB. */
const bearableMb = 300;

/** Tests a host, as the add-host form does; held where it fails in words, with nobody else the worse for it. */
async function tests(world: World, host: HostileHost): Promise<Attempt> {
  const before = memoryOf(world.pids.collector);
  try {
    const begun = Date.now();
    const testing = world.trust(host.spec("x"));
    const took = await world.changeArrives();
    const tested = await testing.catch((error: unknown) => ({ kind: "failed" as const, reason: String(error) }));
    const grown = memoryOf(world.pids.collector) - before;
    if (took === null) return { harm: "a change on another host was not told within 15 s", refused: null };
    if (grown > bearableMb) return { harm: `the collector grew by ${Math.round(grown)} MB`, refused: null };
    if (tested.kind !== "failed") return { harm: null, refused: null };
    return { harm: null, refused: `${tested.reason.slice(0, 140)} (${Math.round((Date.now() - begun) / 1000)} s)` };
  } finally {
    await host.stop();
  }
}

/** Writes for as long as the other end takes it, but no more than so much. */
function pour(socket: Socket, chunk: string, times: number): void {
  let left = times;
  const write = () => {
    while (left-- > 0 && !socket.destroyed) if (!socket.write(chunk)) return void socket.once("drain", write);
  };
  write();
}

/** By how it speaks SSH. */
export const attacks: readonly Attack[] = [
  {
    id: "only-compression",
    finding: 4,
    wants: "an end of the watch over all: a server that takes nothing but zlib, on whose end the SSH library throws",
    seen: { audit: /host\.test/ },
    attempt: async (world) =>
      tests(world, await HostileHost.start("only-compression", { compress: ["zlib@openssh.com", "zlib"] })),
  },
  {
    id: "endless-banner",
    slow: true,
    finding: 4,
    wants: "the collector's memory, by lines before the SSH greeting that never end",
    seen: { audit: /host\.test/ },
    attempt: async (world) =>
      tests(
        world,
        await HostileHost.raw("endless-banner", (socket) => pour(socket, `${"x".repeat(200)}\r\n`.repeat(500), 4_000)),
      ),
  },
  {
    id: "endless-line",
    slow: true,
    finding: 4,
    wants: "the collector's memory, by one line without end where the host's shell should answer",
    seen: { audit: /host\.test/ },
    attempt: async (world) =>
      tests(
        world,
        await HostileHost.start("endless-line", {
          shell: (channel) => pour(channel as unknown as Socket, "x".repeat(65_536), 4_000),
        }),
      ),
  },
  {
    id: "no-answer",
    finding: 4,
    wants: "a person who waits for ever: a port that is open and says nothing",
    seen: { audit: /host\.test/ },
    slow: true,
    attempt: async (world) => tests(world, await HostileHost.raw("no-answer", () => undefined)),
  },
  {
    id: "changed-key",
    finding: 2,
    wants: "the stored password, by taking the place of a known host with another key",
    seen: { log: /changed-key/ },
    succeedsWith: "host-keys-not-compared",
    async attempt(world) {
      const host = await HostileHost.start("changed-key");
      const secret = "the password of a host that was taken over";
      try {
        await world.addHost(host.spec(secret));
        await world.live(host.id);
        host.heard.length = 0;
        host.rekey();
        await until("the loss noticed", async () => (await world.card(host.id))?.host.state !== "live");
        await world.operator.send(`/api/hosts/${host.id}/retry`, { method: "POST" });
        await sleep(4_000);
        if (host.heard.includes(secret)) return { harm: "the password came", refused: null };
        const card = await world.card(host.id);
        return card?.host.state === "live"
          ? { harm: "it is taken for the host", refused: null }
          : { harm: null, refused: `${card?.host.state}: ${card?.host.reason?.slice(0, 140)}` };
      } finally {
        await world.removeHost(host.id);
        await host.stop();
      }
    },
  },
  {
    id: "greedy-jump-host",
    finding: 8,
    wants:
      "the password of the host behind it: a jump host that asks for passwords, named by the form and by ~/.ssh/config",
    seen: { audit: /host\.test/ },
    async attempt(world) {
      const jump = await HostileHost.start("greedy-jump-host", { greedy: true });
      const target = await HostileHost.start("behind-it");
      const secret = "the password of the host behind the jump host";
      try {
        const hop = {
          address: "127.0.0.1",
          port: jump.port,
          user: "noc",
          login: { kind: "password" as const, password: "of the hop" },
        };
        await world.trust(target.spec(secret, [hop]));
        const byForm = [...jump.heard];
        const lines = [
          `Host behind-it`,
          ` HostName 127.0.0.1`,
          ` Port ${target.port}`,
          ` ProxyJump noc@127.0.0.1:${jump.port}`,
        ];
        writeFileSync(join(world.home, ".ssh/config"), `${lines.join("\n")}\n`);
        const tested = await world.trust({ ...target.spec(secret), address: "behind-it" });
        writeFileSync(join(world.home, ".ssh/config"), "");
        if (jump.heard.includes(secret)) return { harm: "it has the target's password", refused: null };
        if (!byForm.includes("of the hop")) throw new Error(`the jump host was not tried: ${JSON.stringify(tested)}`);
        const why = tested.kind === "failed" ? tested.reason.slice(0, 140) : tested.kind;
        return { harm: null, refused: `it heard its own password alone; ${why}` };
      } finally {
        await jump.stop();
        await target.stop();
      }
    },
  },
  {
    id: "repointed-host",
    finding: 2,
    wants: "the stored password, by giving the host the attacker's address with an admin's session and no login",
    seen: { nowhere: "what does not fit the form is answered as such, before it is a request" },
    async attempt(world) {
      const thief = await HostileHost.start("thief");
      try {
        const { login: _, ...rest } = thief.spec("x");
        const spec = { ...rest, id: "kvm-02" };
        const logins = [
          undefined,
          {},
          { kind: "stored" },
          { kind: "password" },
          { kind: "password", password: "" },
          null,
        ];
        const tried = [];
        for (const login of logins) {
          const answer = await world.admin.send("/api/hosts", { method: "POST", body: { ...spec, login } });
          tried.push({ status: answer.status, login });
        }
        await sleep(1_500);
        if (thief.heard.includes(world.hostPassword)) return { harm: "the password came", refused: null };
        const taken = tried.filter((one) => one.status < 400);
        return taken.length > 0
          ? { harm: `the host is at another address: ${JSON.stringify(taken[0])}`, refused: null }
          : { harm: null, refused: `${tried.length} of ${tried.length}: 400 bad-request` };
      } finally {
        await thief.stop();
      }
    },
  },
];
