import type { Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { type DefaultEventsMap, Server } from "socket.io";
import type { z } from "zod";
import { visible } from "@/lib/text/visible";
import type { Who } from "@/lib/wire/bus";
import type { Role } from "@/lib/wire/rest";
import { clientEvents, type WatchReply } from "@/lib/wire/socket";
import { allows } from "@/server/auth/roles";
import { addressOf, isSecure, originOf, sessionCookie } from "../http/site";
import type { Web } from "../web";
import { type ClientEvents, LiveClient, type LiveSocket, type ServerEvents } from "./client";
import { LiveHub } from "./hub";

type ClientEvent = keyof typeof clientEvents;

/** Least role for each event that a browser may send. */
export const eventRoles: Readonly<Record<ClientEvent, Role>> = { watch: "viewer", unwatch: "viewer" };

const pulseMs = 2000;
/** How soon a session that another process ended, or that ran out, loses its socket. */
const recheckMs = 3000;

export interface Live {
  /** Looks every open socket's session over and closes those that have none any more. */
  recheck(): Promise<void>;
  close(): Promise<void>;
}

/** Attaches Socket.io beside Next: Next answers its own upgrades on the same server, so what is not ours is left alone. */
export function attachLive(
  http: HttpServer | HttpsServer,
  web: Omit<Web, "sessionsChanged">,
  times = { pulseMs, recheckMs },
): Live {
  const io = new Server<ClientEvents, ServerEvents, DefaultEventsMap, LiveSocket["data"]>(http, {
    path: "/socket.io/",
    destroyUpgrade: false,
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    // A connection that never says which namespace it wants is of no use to anybody.
    connectTimeout: 5000,
    // CORS settings do not keep another site's page out: a WebSocket is not bound by them. Whether there is a session is asked later (identify), because only
    // there can the browser be told that it must log in.
    allowRequest: (request, done) => {
      const isForeign = originOf(request, web.config) === "foreign";
      if (isForeign) {
        const origin = visible(String(request.headers.origin).slice(0, 100));
        const from = addressOf(request, web.config);
        web.refused(`${from} socket`, `web: refused a socket: origin ${origin}, from ${from}`);
      }
      done(isForeign ? "origin" : undefined, !isForeign);
    },
  });
  const hub = new LiveHub(web.collector, web.log, web.build);
  const stopPush = web.collector.onPush((push) => hub.take(push));
  const stopState = web.collector.onState(() => hub.tick());
  io.use((socket, next) => {
    void identify(socket, web).then(
      () => next(),
      (error: unknown) => next(refusedWith(error, web.log)),
    );
  });
  io.on("connection", (socket) => welcome(socket, hub, web));

  const pulse = setInterval(() => hub.tick(), times.pulseMs);
  // One round at a time; each that is asked for begins after the last, so it sees what had changed when it was asked for.
  let round = Promise.resolve();
  const check = () => {
    round = round.then(() => recheckAll(hub, web));
    return round;
  };
  const timer = setInterval(() => void check(), times.recheckMs);
  return {
    recheck: check,
    async close() {
      clearInterval(pulse);
      clearInterval(timer);
      stopPush();
      stopState();
      await io.close();
      await round;
    },
  };
}

class Refused extends Error {
  constructor(
    message: string,
    /** Reaches the browser as `error.data` of its connect_error. */
    readonly data: { readonly code: string },
  ) {
    super(message);
  }
}

/** Finds out whose socket it is, before it is told of any event. One without a session is refused and closed within connectTimeout. */
async function identify(socket: LiveSocket, web: Pick<Web, "whoIs" | "config">): Promise<void> {
  const credential = sessionCookie(socket.request.headers.cookie, isSecure(socket.request, web.config));
  const who = credential === null ? null : await web.whoIs(credential);
  if (credential === null || !who) throw new Refused("Log in first.", { code: "no-session" });
  socket.data = { credential, who };
}

function refusedWith(error: unknown, log: Web["log"]): Refused {
  if (error instanceof Refused) return error;
  log(`web: ${String(error)}`);
  return new Refused("Something went wrong on the server.", { code: "fault" });
}

function welcome(socket: LiveSocket, hub: LiveHub, web: Pick<Web, "whoIs" | "log">): void {
  const client = new LiveClient(socket, (one) => hub.pulse(one));
  hub.clients.add(client);
  socket.on("disconnect", () => hub.clients.delete(client));
  hub.pulse(client);

  socket.on("watch", (payload, reply) => {
    void guarded("watch", payload, client, web, async (ask) => {
      answer(reply, await hub.watch(client, ask, socket.data.credential));
    }).then((refused) => refused !== null && answer(reply, { kind: "refused", reason: refused }));
  });
  socket.on("unwatch", (payload, reply) => {
    void guarded("unwatch", payload, client, web, async (ask) => {
      client.lookAway(ask);
      if (typeof reply === "function") reply();
    });
  });
}

const answer = (reply: unknown, value: WatchReply) => {
  if (typeof reply === "function") reply(value); // A browser may leave the acknowledgement out; then it gets none.
};

/** Runs an event of a browser after the same four questions each time: not too often, well formed, who, may he. Returns why not. */
async function guarded<E extends ClientEvent>(
  event: E,
  payload: unknown,
  client: LiveClient,
  web: Pick<Web, "whoIs" | "log">,
  work: (payload: z.output<(typeof clientEvents)[E]>) => Promise<void>,
): Promise<string | null> {
  if (!client.pace.take()) return "Too many requests; wait a moment.";
  const parsed = clientEvents[event].safeParse(payload);
  if (!parsed.success) return `This is not a valid ${event}.`;
  try {
    const who = await web.whoIs(client.socket.data.credential);
    if (!renew(client, who)) return "Log in first.";
    if (!allows(client.socket.data.who.role, eventRoles[event])) return `This asks for the role ${eventRoles[event]}.`;
    // safeParse of clientEvents[event] gave exactly this type; the compiler cannot follow the index.
    await work(parsed.data as z.output<(typeof clientEvents)[E]>);
    return null;
  } catch (error) {
    web.log(`web: ${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return "Something went wrong on the server.";
  }
}

/** Keeps the person's role fresh, or closes the socket of one whose session has ended. */
function renew(client: LiveClient, who: Who | null): boolean {
  if (who) client.socket.data.who = who;
  else client.socket.disconnect(true);
  return who !== null;
}

async function recheckAll(hub: LiveHub, web: Pick<Web, "whoIs" | "log">): Promise<void> {
  const byCredential = new Map<string, LiveClient[]>();
  for (const client of hub.clients) {
    const { credential } = client.socket.data;
    byCredential.set(credential, [...(byCredential.get(credential) ?? []), client]);
  }
  for (const [credential, clients] of byCredential) {
    try {
      const who = await web.whoIs(credential);
      for (const client of clients) renew(client, who);
    } catch (error) {
      // The store does not answer. Each event is refused meanwhile; cutting everybody off would help nobody.
      web.log(`web: sessions could not be checked: ${String(error)}`);
      return;
    }
  }
}
