import type { ServerResponse } from "node:http";
import { BusProblem } from "@/server/bus/problem";
import type { Collector } from "./collector";
import { dataPolicy } from "./http/headers";

/** A collector that was just started is there within this time, ms. */
const patienceMs = 8_000;

/** Asks once more when the collector is there again, if it was down; rejects as before when it stays away. */
export async function patiently<T>(collector: Collector, ask: () => Promise<T>, ms = patienceMs): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isDown(error) || !(await comesUp(collector, ms))) throw error;
    return ask();
  }
}

export const isDown = (error: unknown): boolean => error instanceof BusProblem && error.code === "collector-down";

function comesUp(collector: Collector, ms: number): Promise<boolean> {
  if (collector.up) return Promise.resolve(true);
  return new Promise((resolve) => {
    const over = (up: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(up);
    };
    const timer = setTimeout(() => over(false), ms);
    const stop = collector.onState((up) => up && over(true));
  });
}

/** In place of a page while nobody can say who asks. It tries again by itself; no script runs in it. */
export function sendWaiting(response: ServerResponse): void {
  response.writeHead(503, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": `${dataPolicy}; style-src 'unsafe-inline'`,
    "Cache-Control": "no-store",
    "Retry-After": "3",
  });
  response.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Taproot is starting</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1rem">
<h1 style="font-size:1.25rem">The collector is not running</h1>
<p>Taproot starts it again by itself. This page tries again every three seconds.</p>
<p lang="zh">采集进程未运行，Taproot 正在自动重新启动它。本页每三秒重试一次。</p></body></html>`);
}
