import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { connect } from "node:net";

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly timeoutMs?: number;
}

/** One request with exactly these headers, on a connection of its own. An answer that breaks off has status 0. */
export function ask(port: number, path: string, asking: Asking = {}): Promise<Answered> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, headers: {}, text: error.message });
    const sent = request(
      { host: "127.0.0.1", port, path, method: asking.method ?? "GET", headers: asking.headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on("error", failed);
      },
    );
    sent.setTimeout(asking.timeoutMs ?? 20_000, () => sent.destroy(new Error("no answer in time")));
    sent.on("error", failed);
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: response.headers, text: "" });
    });
    sent.end(asking.body);
  });
}

/** Sends bytes as they are, and gives back all that comes until the other end closes or the time is up. */
export function raw(port: number, bytes: string, forMs = 5_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(done, forMs);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    // A reset is an end like any other here.
    socket.on("error", () => undefined);
    socket.on("close", done);
  });
}

/** "403 origin": status and code of a refusal, as the tables show it. */
export function codeOf(answer: Answered): string {
  const code = /"code":"([\w-]+)"/.exec(answer.text)?.[1];
  return `${answer.status}${code === undefined ? "" : ` ${code}`}`;
}
