import { isIP, type Socket, connect as tcpConnect } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerHostKeyAlgorithm } from "ssh2";
import ssh2 from "ssh2";
import type { Hop } from "@/lib/wire/rest";
import { Bulkhead } from "../bulkhead";
import { SshFailure } from "./api";
import { fingerprintOf, judgeKey, type KnownHosts, knownTypes, typeOfKey } from "./known-hosts";
import { attemptsFor, message } from "./login";
import { type Patience, watchSilence } from "./silence";

/** Pings go out every 4 s, so that who lives is heard; how long one may be unheard is `patience`, and ssh2's own count of pings comes only after it. */
const keepaliveMs = 4_000;
const keepaliveMisses = 12;
const patience: Patience = { silentMs: 10_000, openingMs: 30_000 };

export interface Dialled {
  readonly client: ssh2.Client;
  /** Resolves when this hop or any before it has ended. Never rejects. */
  readonly ended: Promise<SshFailure>;
  /** Ends this hop and those before it. */
  close(reason: string): void;
  /** What goes wrong in our own work on this connection ends it, and nothing else. */
  readonly guard: Bulkhead;
  /** The fault of ours that ended it. */
  fault(): SshFailure | undefined;
  /** Why it was closed, known before it has ended; undefined while nobody closed it. */
  closedBecause(): string | undefined;
}

export interface DialOptions {
  readonly known: KnownHosts;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** `user@address:port`, for messages. */
export function hopName(hop: Pick<Hop, "address" | "port" | "user">): string {
  return `${hop.user}@${hop.address.includes(":") ? `[${hop.address}]` : hop.address}:${hop.port}`;
}

/** Logs in to the last of `route` through all before it. Every hop's key is verified against the same book, under the hop's own name. */
export async function dial(route: readonly Hop[], options: DialOptions): Promise<Dialled> {
  let through: Dialled | undefined;
  for (const [at, hop] of route.entries()) {
    const last = at === route.length - 1;
    try {
      const stream: Duplex = through ? await forward(through.client, hop, options) : await openSocket(hop, options);
      through = await handshake(stream, hop, options, through);
    } catch (error) {
      const failure = asFailure(error);
      through?.close(failure.message);
      throw last ? failure : hopFailure(failure, hop);
    }
  }
  if (!through) throw new SshFailure("unreachable", "no host to connect to");
  return through;
}

/** A trouble with the key keeps its kind, so that it can be answered; anything else on the way is a failed jump. */
function hopFailure(failure: SshFailure, hop: Hop): SshFailure {
  if (failure.kind === "fault") return failure;
  const aboutKey = failure.kind === "key-unknown" || failure.kind === "key-changed" || failure.kind === "key-revoked";
  return new SshFailure(
    aboutKey ? failure.kind : "jump",
    `jump host ${hopName(hop)}: ${failure.message}`,
    failure.question,
    hopName(hop),
  );
}

function asFailure(error: unknown): SshFailure {
  return error instanceof SshFailure ? error : new SshFailure("unreachable", message(error));
}

/** The outermost socket. Nagle's algorithm goes off here: on a jump host it is this one that delays every keystroke. */
function openSocket(hop: Hop, options: DialOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tcpConnect({ host: hop.address, port: hop.port, autoSelectFamily: isIP(hop.address) === 0 });
    socket.setNoDelay(true);
    const settle = (failure?: SshFailure) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      socket.removeAllListeners("connect");
      socket.removeAllListeners("error");
      if (!failure) return resolve(socket);
      socket.on("error", () => undefined /* already told; a destroyed socket may still complain */);
      socket.destroy();
      reject(failure);
    };
    const onAbort = () => settle(new SshFailure("unreachable", "given up"));
    const timer = setTimeout(
      () =>
        settle(new SshFailure("unreachable", `${hop.address}:${hop.port} does not answer (${options.timeoutMs} ms)`)),
      options.timeoutMs,
    );
    socket.once("connect", () => settle());
    socket.once("error", (error: NodeJS.ErrnoException) =>
      settle(new SshFailure("unreachable", `${hop.address}:${hop.port}: ${plainError(error)}`)),
    );
    if (options.signal?.aborted) onAbort();
    else options.signal?.addEventListener("abort", onAbort);
  });
}

const errnoWords = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ENOTFOUND", "no such name"],
  ["EAI_AGAIN", "the name cannot be resolved just now"],
  ["EHOSTUNREACH", "no route to host"],
  ["ENETUNREACH", "network unreachable"],
  ["ETIMEDOUT", "timed out"],
  ["ECONNRESET", "connection reset"],
]);

function plainError(error: NodeJS.ErrnoException): string {
  return (error.code && errnoWords.get(error.code)) ?? (error.message || error.code || "cannot connect");
}

function forward(client: ssh2.Client, hop: Hop, options: DialOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const target = `${hop.address}:${hop.port}`;
    const timer = setTimeout(
      () => reject(new SshFailure("unreachable", `${target} does not answer through the jump host`)),
      // Its first answer waits for the jump host's own session as well (see Patience).
      2 * options.timeoutMs,
    );
    client.forwardOut("127.0.0.1", 0, hop.address, hop.port, (error, channel) => {
      clearTimeout(timer);
      if (error) reject(new SshFailure("unreachable", `${target} from the jump host: ${error.message}`));
      else resolve(channel);
    });
  });
}

const defaultKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];
/**
 * What is offered beside the host key's algorithms. No signature or MAC over SHA-1: every OpenSSH since 7.2 (2016) has rsa-sha2, since 5.9 (2011) hmac-sha2. No compression: what inflates
 * has no limit in ssh2 (kMaxLength), and closing such a connection throws there (mscdex/ssh2#1178).
 */
const offered = {
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
} satisfies ssh2.Algorithms;

/** Signature algorithms with those of the key types on record first: a host that has several keys then shows the one we know. */
export function keyAlgorithms(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const typeOf = (algorithm: string) => (algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm);
  const wanted = defaultKeyAlgorithms.filter((algorithm) => types.includes(typeOf(algorithm)));
  return [...wanted, ...defaultKeyAlgorithms.filter((algorithm) => !wanted.includes(algorithm))];
}

/** Key exchange, key check and login over `stream`. */
async function handshake(stream: Duplex, hop: Hop, options: DialOptions, before?: Dialled): Promise<Dialled> {
  // Long: the events of one handshake, which all settle the same promise.
  const name = hopName(hop);
  const attempts = await attemptsFor(hop.user, hop.login).catch((error: unknown) => {
    stream.destroy();
    throw error;
  });
  const client = new ssh2.Client();
  let refused: SshFailure | undefined;
  let firstError: (Error & { level?: string }) | undefined;
  let closedBecause: string | undefined;
  let fault: SshFailure | undefined;
  // One listener for the whole life of the client: an `error` nobody listens to would end the process.
  client.on("error", (error: Error & { level?: string }) => {
    firstError ??= error;
  });
  const ended = new Promise<SshFailure>((resolve) => {
    client.once("close", () =>
      resolve(fault ?? new SshFailure("lost", closedBecause ?? lostBecause(name, firstError))),
    );
  });
  // Before `close`, which is what ends it, was ever called.
  const guard = new Bulkhead(({ where, error }) => {
    fault ??= new SshFailure("fault", `internal fault, ${where}: ${error.message}`, undefined, undefined, {
      cause: error,
    });
    close(fault.message);
  });
  contain(stream, guard);
  const close = (reason: string): void => {
    const first = closedBecause === undefined;
    closedBecause ??= reason;
    // Once: a fault in the goodbye itself comes back here.
    if (first) guard.run("the end of a connection", () => client.end());
    // A far end that hangs never answers the goodbye.
    guard.later("a connection that does not end", () => stream.destroy(), 300).unref();
    before?.close(reason);
  };
  void before?.ended.then(guard.around("the end of a jump host", (failure: SshFailure) => close(failure.message)));

  await new Promise<void>((resolve, reject) => {
    const fail = () => {
      options.signal?.removeEventListener("abort", onAbort);
      const failure = fault ?? refused ?? loginFailure(name, firstError, attempts.why());
      close(failure.message);
      reject(failure);
    };
    const onAbort = () => {
      refused ??= new SshFailure("unreachable", "given up");
      fail();
    };
    client.once("ready", () => {
      options.signal?.removeEventListener("abort", onAbort);
      client.off("error", fail);
      client.off("close", fail);
      resolve();
    });
    client.once("error", fail);
    client.once("close", fail);
    options.signal?.addEventListener("abort", onAbort);
    try {
      client.connect({
        sock: stream,
        username: hop.user,
        authHandler: attempts.handler,
        readyTimeout: options.timeoutMs,
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: keepaliveMisses,
        algorithms: { ...offered, serverHostKey: keyAlgorithms(knownTypes(options.known, hop.address, hop.port)) },
        hostVerifier: (key: Buffer): boolean => {
          refused = keyFailure(options.known, hop, key);
          return refused === undefined;
        },
      });
    } catch (error) {
      refused ??= new SshFailure("login", `${name}: ${message(error)}`);
      fail();
    }
  });
  const unwatch = watchSilence(stream, patience, (ms) =>
    close(`${name} went silent: nothing heard for ${ms / 1000} s`),
  );
  void ended.then(unwatch);
  return { client, ended, close, guard, fault: () => fault, closedBecause: () => closedBecause };
}

/**
 * ssh2 works when its stream speaks, closes or drains, and what it throws there nobody catches but here. A fault of it, or of what it calls of ours, is one of this connection.
 */
function contain(stream: Duplex, guard: Bulkhead): void {
  const emit = stream.emit;
  stream.emit = function contained(this: Duplex, ...args: Parameters<typeof emit>): boolean {
    try {
      return emit.apply(this, args);
    } catch (error) {
      guard.tell("the SSH protocol", error);
      return true;
    }
  };
}

/** Undefined for a key on record; else why it is refused. */
function keyFailure(known: KnownHosts, hop: Hop, key: Buffer): SshFailure | undefined {
  const { address, port } = hop;
  const verdict = judgeKey(known, address, port, key);
  if (verdict.kind === "known") return undefined;
  const fingerprint = fingerprintOf(key);
  const keyType = typeOfKey(key) ?? "unknown";
  const question = { address, port, keyType, fingerprint };
  const where = `${address}:${port}`;
  switch (verdict.kind) {
    case "revoked":
      return new SshFailure(
        "key-revoked",
        `HOST KEY REVOKED: ${where} shows ${keyType} key ${fingerprint}, which is marked @revoked. Refused.`,
      );
    case "changed":
      return new SshFailure(
        "key-changed",
        `HOST KEY CHANGED: ${where} shows ${keyType} key ${fingerprint}, but on record is ${verdict.knownType} key ${verdict.known}` +
          `${verdict.sameType ? "" : " (another key type)"}. Somebody may sit in between, or the host was set up anew. Refused.`,
        { ...question, known: verdict.known },
      );
    case "unknown":
      return new SshFailure(
        "key-unknown",
        verdict.authority
          ? `${where} has only a certificate authority on record, and host certificates cannot be checked here: its plain ${keyType} key ${fingerprint} needs approval`
          : `${where} shows ${keyType} key ${fingerprint}, which is not on record yet: a person has to approve it`,
        question,
      );
  }
}

function loginFailure(name: string, error: (Error & { level?: string }) | undefined, why: string): SshFailure {
  if (error?.level === "client-authentication" || error?.level === "agent")
    return new SshFailure(
      "login",
      `${name}: login turned down (${why}${error.level === "agent" ? `; agent: ${error.message}` : ""})`,
    );
  if (error?.level === "client-timeout")
    return new SshFailure("unreachable", `${name}: no SSH greeting or login in time`);
  if (error?.level === "client-socket") return new SshFailure("unreachable", `${name}: ${plainError(error)}`);
  if (error?.level === "handshake")
    return new SshFailure("protocol", `${name}: ${error.message}${adviceFor(error.message)}`);
  return new SshFailure(
    "unreachable",
    `${name}: ${error?.message ?? "the connection ended before the login was done"}`,
  );
}

/** What is never taken though a host may insist on it, and what to do there. */
function adviceFor(said: string): string {
  if (/no matching .*compression/.test(said))
    return "; compression is never used here: the host has to allow connections without (sshd_config: Compression)";
  if (/no matching (host key|.*MAC)/i.test(said))
    return "; SHA-1 is not taken here (ssh-rsa, hmac-sha1): the host needs rsa-sha2, ecdsa or ed25519 keys, and hmac-sha2";
  return "";
}

function lostBecause(name: string, error: (Error & { level?: string }) | undefined): string {
  if (!error) return `${name} ended the connection`;
  if (error.level === "client-timeout") return `${name} went silent: no answer to ${keepaliveMisses} pings`;
  return `connection to ${name} lost: ${plainError(error)}`;
}
