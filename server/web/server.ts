import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as HttpsServer } from "node:https";
import { isLoopback } from "@/server/transport";
import { RefusedLines } from "../refused-lines";
import { Certificate } from "./http/certificate";
import { standGuard } from "./http/gate";
import { commonHeaders } from "./http/headers";
import { hostNameOf } from "./http/host";
import { HttpProblem } from "./http/problem";
import { refuse } from "./http/refuse";
import { isSecure, urlOf } from "./http/site";
import { attachLive, type Live } from "./live/attach";
import { answerPage, type PageHandler } from "./pages";
import { answerApi } from "./router";
import type { Web, WebParts } from "./web";

export interface WebServer {
  readonly http: HttpServer | HttpsServer;
  readonly web: Web;
  /** Reads the certificate again, where there is one. */
  reload(): void;
  close(): Promise<void>;
}

/** What one connection may take of us. */
const limits = { requestTimeout: 60_000, headersTimeout: 15_000, maxHeaderSize: 16_384 };
/** A visitor who opens TLS and then says nothing. Node would wait two minutes. */
const handshakeTimeout = 10_000;

/**
 * Puts the parts together: REST before pages, sockets beside both. Does not listen yet.
 * @throws ConfigError for a certificate that cannot be used.
 */
export function makeServer(
  parts: WebParts,
  draw: PageHandler,
  times?: { readonly pulseMs: number; readonly recheckMs: number },
): WebServer {
  const { transport } = parts.config;
  const certificate = transport.kind === "tls" ? new Certificate(transport, parts.log) : undefined;
  const http = certificate ? tlsServer(certificate) : createServer(limits);
  let live: Live | undefined;
  const refusals = new RefusedLines(parts.log);
  const web: Web = {
    ...parts,
    refused: (kind, line) => refusals.note(kind, line),
    sessionsChanged: () => {
      void live?.recheck();
    },
  };
  http.on("request", (request: IncomingMessage, response: ServerResponse) => {
    void answer(web, request, response, draw);
  });
  // Attached last: it takes /socket.io/ for itself and passes the rest on to the listener above.
  live = attachLive(http, web, times);
  if (!parts.config.dev) {
    // Built Next has no sockets of its own. What is not Socket.io's would otherwise stay open and unanswered.
    http.on("upgrade", (request, socket) => {
      if (!(request.url ?? "").startsWith("/socket.io/")) socket.destroy();
    });
  }
  standGuard(http, parts.config, (name) => certificate?.covers(name) ?? false, web);
  return {
    http,
    web,
    reload: () => certificate?.reload(),
    async close() {
      certificate?.close();
      await live?.close();
      http.closeAllConnections();
    },
  };
}

function tlsServer(certificate: Certificate): HttpsServer {
  const https = createTlsServer({ ...limits, ...certificate.options, handshakeTimeout });
  // Connections that are open keep the certificate that they began with.
  certificate.onChange((options) => https.setSecureContext(options));
  return https;
}

async function answer(web: Web, request: IncomingMessage, response: ServerResponse, draw: PageHandler): Promise<void> {
  // Not on loopback's names: a browser would then want https of everything else on this machine too.
  const pin = isSecure(request, web.config) && !isLoopback(hostNameOf(request.headers.host) ?? "");
  commonHeaders(response, pin);
  try {
    const { pathname } = urlOf(request);
    if (/^\/(api(\/|$)|healthz$)/.test(pathname)) await answerApi(web, request, response);
    else if (pathname.startsWith("/socket.io")) throw new HttpProblem(404, "not-found", "There is no such address.");
    else await answerPage(web, request, response, draw);
  } catch (error) {
    refuse(web, request, response, error);
  }
}
