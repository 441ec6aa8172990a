/** (a) A link changes on a host: how long until a browser's socket has the delta, against `ssh HOST ip monitor` for the same changes. */
import { spawn } from "node:child_process";
import { io } from "socket.io-client";
import { HostDelta, HostSnapshot } from "@/lib/wire/model";
import { makeHost, type NetnsHost } from "../netns/host";
import { Product } from "../product";
import { Client } from "./client";
import { median, ms, percentile, type Row, sleep } from "./stats";

const rounds = 60;
const apartMs = 120;
/** What the whole way through collector, bus, web process and socket may add. */
const allowedMs = 20;

export async function events(): Promise<Row> {
  const host = await makeHost({ name: "bench" });
  const product = await Product.start();
  const raw = monitor(host);
  try {
    const client = await Client.open(product);
    await client.addHost(host, "bench");
    const socket = io(product.url, {
      path: "/socket.io/",
      transports: ["websocket"],
      extraHeaders: { cookie: client.cookie, origin: product.url },
    });
    let seen: ((at: number, delta: HostDelta) => void) | undefined;
    socket.on("change", ({ delta }: { readonly delta: unknown }) => seen?.(performance.now(), HostDelta.parse(delta)));
    await client.until(async () =>
      HostSnapshot.parse(await client.get("/hosts/bench/snapshot")).nodes.some((node) => node.name === "tap0"),
    );
    await socket.timeout(10_000).emitWithAck("watch", { topic: "host", key: "bench" });
    await sleep(2_000);
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const mtu = 1400 + round;
      const arrived = new Promise<number>((resolve) => {
        seen = (at, delta) => {
          if (delta.nodes?.put.some((node) => node.name === "tap0" && node.attributes.mtu === mtu)) resolve(at);
        };
      });
      const printed = raw.line(`mtu ${mtu} `);
      const begun = performance.now();
      await host.must(["ip", "link", "set", "dev", "tap0", "mtu", String(mtu)]);
      const [a, b] = await Promise.all([
        bounded(arrived, `delta with mtu ${mtu}`),
        bounded(printed, `line with mtu ${mtu}`),
      ]);
      ours.push(a - begun);
      floor.push(b - begun);
      await sleep(apartMs);
    }
    socket.close();
    const [p, f] = [percentile(ours, 0.95), percentile(floor, 0.95)];
    return {
      id: "a",
      what: `link change to delta at a browser's socket, p95 of ${rounds}`,
      ours: `${ms(p)} (p50 ${ms(median(ours))})`,
      floor: `ssh ip monitor ${ms(f)} (p50 ${ms(median(floor))})`,
      ratio: (p / f).toFixed(2),
      bound: `floor + ${allowedMs} ms`,
      holds: p <= f + allowedMs,
    };
  } finally {
    raw.stop();
    await product.dispose();
    await host.dispose();
  }
}

function bounded<T>(promise: Promise<T>, what: string): Promise<T> {
  return Promise.race([promise, sleep(10_000).then(() => Promise.reject(new Error(`no ${what} within 10 s`)))]);
}

/** OpenSSH's own client with `ip monitor` on the far side. */
function monitor(host: NetnsHost) {
  const { address, port, user, privateKeyFile } = host.ssh;
  const child = spawn(
    "ssh",
    [
      "-i",
      privateKeyFile,
      "-p",
      String(port),
      "-o",
      "StrictHostKeyChecking=no",
      "-o",
      "UserKnownHostsFile=/dev/null",
      "-o",
      "LogLevel=ERROR",
      `${user}@${address}`,
      "ip -o monitor link",
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let wanted: { text: string; resolve: (at: number) => void } | undefined;
  child.stdout.on("data", (bytes: Buffer) => {
    if (wanted && bytes.toString("latin1").includes(wanted.text)) wanted.resolve(performance.now());
  });
  return {
    line: (text: string) =>
      new Promise<number>((resolve) => {
        wanted = { text, resolve };
      }),
    stop: () => child.kill(),
  };
}
