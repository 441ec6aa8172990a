import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import type { WebConfig } from "../config";
import type { Web } from "../web";
import { commonHeaders } from "./headers";
import { answersTo, wrongHost } from "./host";
import { HttpProblem, sendProblem } from "./problem";
import { noteRefusal } from "./refuse";

type Site = Pick<WebConfig, "url" | "host" | "transport" | "behindProxy">;

/**
 * Stands before everything that listens on the server by now - pages, REST, Socket.io's polling and WebSockets alike - and turns away what was sent to a
 * name that is not ours (421). /healthz is let through: balancers and container managers ask by address, and it tells a stranger nothing but that we are up.
 */
export function standGuard(
  http: HttpServer | HttpsServer,
  site: Site,
  covers: (name: string) => boolean,
  { log, refused }: { readonly log: (line: string) => void; readonly refused: Web["refused"] },
): void {
  const isOurs = answersTo(site, covers);
  const note = forwardedNote(site, log);
  const wrong = new HttpProblem(421, "host", wrongHost(site));
  const lets = (request: IncomingMessage) => {
    note(request);
    return isOurs(request.headers.host) || /^\/healthz(\?|$)/.test(request.url ?? "");
  };
  const behind = http.listeners("request");
  http.removeAllListeners("request");
  http.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (lets(request)) {
      for (const listener of behind) listener.call(http, request, response);
      return;
    }
    commonHeaders(response, false);
    noteRefusal({ config: site, refused }, request, wrong);
    sendProblem(response, wrong);
  });
  const upgrades = http.listeners("upgrade");
  http.removeAllListeners("upgrade");
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (lets(request)) for (const listener of upgrades) listener.call(http, request, socket, head);
    else {
      noteRefusal({ config: site, refused }, request, wrong);
      socket.end(`HTTP/1.1 421 Misdirected Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
  });
}

/** Says once that a proxy seems to stand before us and nobody told us so. Anybody can send these headers, hence once and without what they say. */
function forwardedNote(site: Site, log: (line: string) => void): (request: IncomingMessage) => void {
  let said = site.behindProxy;
  return ({ headers }) => {
    if (said) return;
    const name = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"].find(
      (one) => headers[one] !== undefined,
    );
    if (name === undefined) return;
    said = true;
    log(
      `web: a request carries ${name}, which is not believed: TAPROOT_PROXY is not set. If a proxy of yours stands before Taproot, start it with --proxy ` +
        "(TAPROOT_PROXY=1): until then all its visitors count as one address, and twenty wrong passwords of one of them keep all from logging in.",
    );
  };
}
