import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from "node:net";
import ssh2 from "ssh2";
import type { HostSpec } from "@/lib/wire/rest";
import { Answers } from "@/server/sim/answers";
import { buildHost } from "@/server/sim/build";
import { type Host, shellChannel } from "@/server/sim/channels";
import type { SimEvent } from "@/server/sim/events";
import { SimMachine } from "@/server/sim/host";
import { makeKey, type SimKey } from "@/server/sim/keys";
import type { Answer } from "@/server/sim/printer";
import { random } from "@/server/sim/random";

let made = 0;
/** A key that nobody has yet. */
export const hostKey = (): SimKey => makeKey(random(9_000 + made++));

export interface Hostile {
  /** What a probe prints in place of the honest answer. */
  readonly print?: (probe: string, honest: Answer) => Answer;
  /** What its shells do in place of speaking the protocol. */
  readonly shell?: (channel: ssh2.ServerChannel) => void;
  /** Only these compressions are offered. */
  readonly compress?: readonly ssh2.CompressionAlgorithm[];
  /** Lets nobody in, and asks again and again for passwords. */
  readonly greedy?: boolean;
}

/** An SSH server of the attacker's: it lets in whoever comes, writes down what they show, and says what it likes. */
export class HostileHost {
  key = hostKey();
  readonly id: string;
  readonly machine = new SimMachine(buildHost(77, made, 2, Date.now()), Date.now);
  /** Every password and every answer to a question that it was given. */
  readonly heard: string[] = [];
  /** Readings so far, by probe. */
  readonly readings = new Map<string, number>();
  private readonly answers = new Answers(this.machine, 0);
  private readonly sockets = new Set<Socket>();
  private readonly follower = new Set<(events: readonly SimEvent[]) => void>();
  private tcp: TcpServer | undefined;
  port = 0;

  private constructor(
    name: string,
    private readonly hostile: Hostile,
  ) {
    this.id = `${name}-${made}`;
  }

  static async start(name: string, hostile: Hostile = {}): Promise<HostileHost> {
    const host = new HostileHost(name, hostile);
    host.port = await host.listen((socket) => host.ssh().injectSocket(socket));
    return host;
  }

  /** A port at which nothing speaks SSH: `talk` gets every connection. */
  static async raw(name: string, talk: (socket: Socket) => void): Promise<HostileHost> {
    const host = new HostileHost(name, {});
    host.port = await host.listen(talk);
    return host;
  }

  spec(password: string, jump: HostSpec["jump"] = []): HostSpec {
    const login = { kind: "password" as const, password };
    return { id: this.id, address: "127.0.0.1", port: this.port, user: "root", login, sudo: { kind: "auto" }, jump };
  }

  /** Tells the watchers what has not happened. */
  shout(events: readonly SimEvent[]): void {
    for (const follow of this.follower) follow(events);
  }

  /** Ends every connection; from now on it shows another key. */
  rekey(): void {
    this.key = hostKey();
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.tcp ? this.tcp.close(() => resolve()) : resolve()));
  }

  private listen(talk: (socket: Socket) => void): Promise<number> {
    const tcp = createServer((socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
      socket.on("error", () => undefined); // A peer that leaves; `close` follows.
      talk(socket);
    });
    this.tcp = tcp;
    return new Promise((resolve) => {
      tcp.listen(0, "127.0.0.1", () => resolve((tcp.address() as AddressInfo).port));
    });
  }

  private ssh(): ssh2.Server {
    const compress = this.hostile.compress ?? ["none"];
    const config = { hostKeys: [this.key.privateKey], algorithms: { compress: [...compress] } };
    return new ssh2.Server(config, (client) => {
      client.on("error", () => undefined); // It leaves; `close` follows.
      client.on("authentication", (context) => this.authenticate(context));
      client.on("ready", () => {
        client.on("session", (accept) => {
          const session = accept();
          session.on("exec", (take) => this.shell(take()));
          session.on("shell", (take) => this.shell(take()));
        });
      });
    });
  }

  private authenticate(context: ssh2.AuthContext): void {
    if (context.method === "password") {
      this.heard.push(context.password);
      if (!this.hostile.greedy) {
        context.accept();
        return;
      }
    }
    if (context.method === "keyboard-interactive" && this.hostile.greedy) {
      context.prompt([{ prompt: "root@hypervisor's password: ", echo: false }], (answers) => {
        this.heard.push(...answers);
        context.reject(["password", "keyboard-interactive"]);
      });
      return;
    }
    context.reject(["password", "keyboard-interactive"]);
  }

  private shell(channel: ssh2.ServerChannel): void {
    channel.on("error", () => undefined); // `close` follows.
    if (this.hostile.shell) {
      this.hostile.shell(channel);
      return;
    }
    const shell = shellChannel(this.host(), {
      out: (bytes) => void channel.write(bytes),
      err: (bytes) => void channel.stderr.write(bytes),
      exit: (status) => {
        channel.exit(status);
        channel.end();
      },
    });
    channel.on("data", (chunk: Buffer) => shell.feed(chunk));
    channel.once("close", () => shell.close());
  }

  private host(): Host {
    let pid = 4_000;
    return {
      hostname: this.machine.state.hostname,
      reached: "",
      uid: 0,
      sudo: false,
      probe: (id) => {
        this.readings.set(id, (this.readings.get(id) ?? 0) + 1);
        const honest = this.answers.answer(id, Date.now());
        return this.hostile.print?.(id, honest) ?? honest;
      },
      script: async () => ({ stdout: "", stderr: "", exit: 1 }),
      follow: (follower) => {
        this.follower.add(follower);
        return () => this.follower.delete(follower);
      },
      newPid: () => ++pid,
      held: new Map(),
      now: Date.now,
    };
  }
}
