import { timingSafeEqual } from "node:crypto";
import { type AddressInfo, connect, createServer, type Socket, type Server as TcpServer } from "node:net";
import ssh2 from "ssh2";
import type { Probe } from "@/lib/probes/define";
import { probes } from "@/lib/probes/registry";
import type { RootMode } from "@/server/collector/ssh/dialects/dialect";
import { Answers } from "./answers";
import { type Host, shellChannel } from "./channels";
import type { Result } from "./commands";
import type { SimMachine } from "./host";
import type { SimKey } from "./keys";
import type { SimState } from "./model";
import type { Answer } from "./printer";
import { Guards, runScript } from "./scripts";
import { askSudo, sudoRequest } from "./sudo";

export interface Access {
  readonly user: string;
  readonly password: string;
  /** "ssh-ed25519 AAAA..." lines that may log in too. */
  readonly authorizedKeys: readonly string[];
  /** `direct`: the user is root. `sudo`: sudo works without a password. `password`: sudo wants the login's password. `none`: an ordinary user. */
  readonly root: RootMode | "password";
}

/** Turns of the screw for tests, kept apart from the machine: they are about the connection, not about the network. */
export interface Tricks {
  /** Nothing is answered any more, the TCP connection stays: a hung host. */
  hung: boolean;
  /** Every probe prints this many bytes of rubbish. 0: none. */
  garbageBytes: number;
  /** Probes that never end. */
  readonly stuck: Set<string>;
  /** Probes whose tool is missing. */
  readonly missing: Set<string>;
  /** What is printed in place of the honest answer. */
  forge: Forge | undefined;
}

/** A hostile host: gets what the probe would print there, and gives what it prints instead. */
export type Forge = (probe: string, honest: Answer) => Answer;

const byId: ReadonlyMap<string, Probe> = new Map(Object.values(probes).map((probe) => [probe.id, probe]));

/** Bytes that are no output of anything, the same each time. */
function garbage(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 197 + (at >> 3)) & 0xff));
}

/** One simulated host on a port of its own: an SSH server, its logins and its held shells. */
export class SimServer {
  readonly tricks: Tricks = { hung: false, garbageBytes: 0, stuck: new Set(), missing: new Set(), forge: undefined };
  private readonly tcp: TcpServer;
  private ssh: ssh2.Server;
  private readonly sockets = new Set<Socket>();
  private readonly answers: Answers;
  private readonly guards: Guards;
  private readonly shells = new Set<ssh2.ServerChannel>();
  private readonly held = new Map<number, () => void>();
  private pid = 4_000;

  constructor(
    readonly machine: SimMachine,
    private readonly access: Access,
    key: SimKey,
    private readonly clock: () => number,
  ) {
    this.answers = new Answers(machine, access.root === "direct" ? 0 : 1000);
    this.guards = new Guards(machine);
    this.ssh = this.sshServer(key);
    this.tcp = createServer((socket) => {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
      // A peer that resets is no trouble of ours; `close` follows.
      socket.on("error", () => undefined);
      if (!this.tricks.hung) this.ssh.injectSocket(socket);
    });
  }

  /** Resolves with the port. Rejects where it is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.tcp.once("error", reject);
      this.tcp.listen(port, "127.0.0.1", () => {
        this.tcp.off("error", reject);
        const address = this.tcp.address() as AddressInfo;
        resolve(address.port);
      });
    });
  }

  /** Ends every connection, as a crash does. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Stops listening and ends every connection. */
  close(): Promise<void> {
    this.drop();
    this.guards.close();
    return new Promise((resolve) => {
      this.tcp.close(() => resolve());
    });
  }

  setHung(hung: boolean): void {
    this.tricks.hung = hung;
    for (const socket of this.sockets) {
      if (hung) socket.pause();
      else socket.resume();
    }
  }

  /** Writes into every held shell what nobody asked for, on both of its streams. */
  noise(bytes: Buffer): void {
    for (const channel of this.shells) {
      channel.write(bytes);
      channel.stderr.write(bytes);
    }
  }

  setKey(key: SimKey): void {
    this.ssh = this.sshServer(key);
    this.drop();
  }

  private sshServer(key: SimKey): ssh2.Server {
    return new ssh2.Server(
      { hostKeys: [key.privateKey], ident: "OpenSSH_9.2p1 simulated", algorithms: { compress: ["none"] } },
      (client) => {
        client.on("error", () => undefined /* a client that leaves; `close` follows */);
        client.on("authentication", (context) => {
          if (this.mayEnter(context)) context.accept();
          else context.reject(["publickey", "password"]);
        });
        client.on("ready", () => {
          client.on("session", (accept) => this.session(accept()));
          // Any simulated host is a jump host too, but only to this machine's loopback.
          client.on("tcpip", (accept, reject, { destIP, destPort }) => {
            if (destIP !== "127.0.0.1" || this.tricks.hung) return void reject();
            const socket = connect(destPort, destIP);
            this.sockets.add(socket);
            socket.once("close", () => this.sockets.delete(socket));
            socket.once("error", () => reject());
            socket.once("connect", () => {
              const channel = accept();
              channel.on("error", () => socket.destroy());
              socket.on("error", () => channel.close());
              socket.pipe(channel).pipe(socket);
            });
          });
        });
      },
    );
  }

  private mayEnter(context: ssh2.AuthContext): boolean {
    if (context.username !== this.access.user) return false;
    if (context.method === "password") return same(context.password, this.access.password);
    if (context.method !== "publickey") return false;
    const shown = context.key.data.toString("base64");
    const line = this.access.authorizedKeys.find((entry) => entry.split(/\s+/)[1] === shown);
    if (line === undefined) return false;
    // Without a signature the client only asks whether this key would do.
    if (context.signature === undefined || context.blob === undefined) return true;
    const parsed = ssh2.utils.parseKey(line);
    if (parsed instanceof Error) return false;
    return parsed.verify(context.blob, context.signature, context.hashAlgo) === true;
  }

  private session(session: ssh2.Session): void {
    session.on("exec", (accept, _reject, info) => this.open(accept(), info.command));
    session.on("shell", (accept) => this.open(accept(), "/bin/sh"));
  }

  private open(channel: ssh2.ServerChannel, command: string): void {
    const end = (status: number) => {
      channel.exit(status);
      channel.end();
    };
    channel.on("error", () => undefined /* `close` follows */);
    this.shells.add(channel);
    channel.once("close", () => this.shells.delete(channel));
    const sudo = this.access.root === "password" ? sudoRequest(command) : undefined;
    if (sudo === undefined && !/^(exec )?\/bin\/sh$/.test(command)) {
      channel.stderr.write(`simulated host: ${command.slice(0, 200)}: command not found\n`);
      end(127);
      return;
    }
    const asRoot = this.access.root === "direct" || sudo !== undefined;
    const shell = shellChannel(this.host(asRoot), {
      out: (bytes) => void channel.write(bytes),
      err: (bytes) => void channel.stderr.write(bytes),
      exit: end,
    });
    const words = {
      out: (text: string) => void channel.write(text),
      err: (text: string) => void channel.stderr.write(text),
      exit: end,
    };
    const pass = sudo === undefined ? (chunk: Buffer) => chunk : askSudo(sudo, this.access.password, words);
    channel.on("data", (chunk: Buffer) => {
      if (this.tricks.hung) return;
      const through = pass(chunk);
      if (through.length > 0) shell.feed(through);
    });
    channel.once("close", () => shell.close());
    channel.once("end", () => end(0));
  }

  private host(asRoot: boolean): Host {
    const { machine, tricks } = this;
    return {
      hostname: machine.state.hostname,
      reached: reachedOf(machine.state),
      uid: asRoot ? 0 : 1000,
      sudo: this.access.root === "sudo",
      probe: (id, root) => this.probe(id, root),
      script: (text, root): Promise<Result> =>
        root === "none"
          ? Promise.resolve({ stdout: "", stderr: "simulated host: Operation not permitted\n", exit: 77 })
          : Promise.resolve(runScript(machine, this.guards, text)),
      follow: (follower) =>
        machine.follow((events) => {
          if (!tricks.hung) follower(events);
        }),
      newPid: () => {
        this.pid += 1;
        return this.pid;
      },
      held: this.held,
      now: this.clock,
    };
  }

  private probe(id: string, root: RootMode): Answer | undefined {
    const { tricks } = this;
    if (tricks.stuck.has(id)) return undefined;
    if (tricks.garbageBytes > 0) return { stdout: garbage(tricks.garbageBytes), exit: 0 };
    if (tricks.missing.has(id)) return { stdout: Buffer.alloc(0), exit: 127 };
    if (root === "none" && byId.get(id)?.privilege === "root") return { stdout: Buffer.alloc(0), exit: 77 };
    const honest = this.answers.answer(id, this.clock());
    return tricks.forge ? tricks.forge(id, honest) : honest;
  }
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** As $SSH_CONNECTION of a session that came to the host's own address on its first bridge, from that bridge's gateway. */
function reachedOf({ nets }: SimState): string {
  const net = nets.find((one) => one.address !== undefined && one.gateway !== undefined);
  return net ? `${net.gateway?.ip} 50022 ${net.address} 22` : "";
}
