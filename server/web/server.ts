import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { commonHeaders } from "./http/headers";
import { HttpProblem, problemOf, sendProblem } from "./http/problem";
import { isSecure, urlOf } from "./http/site";
import { attachLive, type Live } from "./live/attach";
import { answerPage, type PageHandler } from "./pages";
import { answerApi } from "./router";
import type { Web } from "./web";

export interface WebServer {
  readonly http: Server;
  readonly web: Web;
  close(): Promise<void>;
}

/** Puts the parts together: REST before pages, sockets beside both. Does not listen yet. */
export function makeServer(
  parts: Omit<Web, "sessionsChanged">,
  draw: PageHandler,
  times?: { readonly pulseMs: number; readonly recheckMs: number },
): WebServer {
  const http = createServer({ requestTimeout: 60_000, headersTimeout: 15_000, maxHeaderSize: 16_384 });
  let live: Live | undefined;
  const web: Web = {
    ...parts,
    sessionsChanged: () => {
      void live?.recheck();
    },
  };
  http.on("request", (request: IncomingMessage, response: ServerResponse) => {
    void answer(web, request, response, draw);
  });
  // Attached last: it takes /socket.io/ for itself and passes the rest on to the listener above.
  live = attachLive(http, parts, times);
  if (!parts.config.dev) {
    // Built Next has no sockets of its own. What is not Socket.io's would otherwise stay open and unanswered.
    http.on("upgrade", (request, socket) => {
      if (!(request.url ?? "").startsWith("/socket.io/")) socket.destroy();
    });
  }
  return {
    http,
    web,
    async close() {
      await live?.close();
      http.closeAllConnections();
    },
  };
}

async function answer(web: Web, request: IncomingMessage, response: ServerResponse, draw: PageHandler): Promise<void> {
  commonHeaders(response, isSecure(request, web.config));
  try {
    const { pathname } = urlOf(request);
    if (/^\/(api(\/|$)|healthz$)/.test(pathname)) await answerApi(web, request, response);
    else if (pathname.startsWith("/socket.io")) throw new HttpProblem(404, "not-found", "There is no such address.");
    else await answerPage(web, request, response, draw);
  } catch (error) {
    sendProblem(response, problemOf(error, web.log));
  }
}
