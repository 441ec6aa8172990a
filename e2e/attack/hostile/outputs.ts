import { bytesOf, latin1, parseItems, printItem } from "@/lib/probes/items";
import type { Answer } from "@/server/sim/printer";
import type { Attack, Attempt } from "../define";
import { HostileHost } from "../means/host";
import { sleep, type World } from "../world";

/** Puts text in place of what an honest answer holds, within its frames: else nothing behind them would be looked at. */
function inFrames({ stdout, exit }: Answer, change: (text: string) => string): Answer {
  if (exit !== 0) return { stdout, exit };
  const text = latin1(stdout);
  const changed = text.startsWith("#item ")
    ? parseItems(stdout)
        .map((item) => printItem(item.name, change(latin1(item.bytes)), item.exit))
        .join("")
    : change(text);
  return { stdout: Buffer.from(bytesOf(changed)), exit };
}

const deep = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
const middle = (text: string, put: string) => text.slice(0, text.length >> 1) + put + text.slice(text.length >> 1);

/** Longest that anybody may wait for the fleet's cards meanwhile, ms; a quiet machine takes some 20. */
const bearableMs = 8_000;

/**
 * Adds a host that prints this, lets it be read `readings` times, and looks meanwhile whether others are served and told their changes. The host may be
 * whatever it likes afterwards; what counts is everybody else.
 */
async function reads(
  world: World,
  name: string,
  probe: string,
  print: (probe: string, honest: Answer) => Answer,
  readings = 2,
): Promise<Attempt> {
  const host = await HostileHost.start(name, { print });
  try {
    await world.addHost(host.spec("x"));
    const deadline = Date.now() + 55_000;
    let longest = 0;
    let state = "";
    while ((host.readings.get(probe) ?? 0) < readings && Date.now() < deadline) {
      const begun = Date.now();
      state = (await world.card(host.id))?.host.state ?? "gone";
      longest = Math.max(longest, Date.now() - begun);
      await sleep(250);
    }
    await sleep(2_000);
    const begun = Date.now();
    const card = await world.card(host.id);
    longest = Math.max(longest, Date.now() - begun);
    const took = await world.changeArrives();
    if (took === null) return { harm: "a change on another host was not told within 15 s", refused: null };
    if (longest > bearableMs) return { harm: `everybody waited ${(longest / 1000).toFixed(1)} s`, refused: null };
    const seen = host.readings.get(probe) ?? 0;
    if (seen === 0) return { harm: null, refused: null };
    const why = card?.host.reason?.slice(0, 100) ?? "";
    return {
      harm: null,
      refused: `the host is ${card?.host.state ?? state}${why ? ` (${why})` : ""} after ${seen} readings`,
    };
  } finally {
    await world.removeHost(host.id);
    await host.stop();
  }
}

/** By what a host prints. */
export const attacks: readonly Attack[] = [
  {
    id: "deep-json-twice",
    finding: 4,
    wants: "an end of the watch over all: JSON nested a hundred thousand deep, in two readings, which are compared",
    seen: { log: /deep-json-twice/ },
    attempt: (world) =>
      reads(world, "deep-json-twice", "ip-link", (probe, honest) =>
        probe === "ip-link" || probe === "nft"
          ? inFrames(honest, (text) =>
              text.replace("{", `{"xdp":${deep},"linkinfo":{"info_kind":"veth","info_data":${deep}},"expr":${deep},`),
            )
          : honest,
      ),
  },
  {
    id: "regex-food",
    finding: 5,
    wants:
      "the collector's only thread, held by expressions that take quadratic time: blanks, digits and colons without end, in five probes",
    seen: { log: /regex-food/ },
    attempt: (world) =>
      reads(
        world,
        "regex-food",
        "libvirt-ifaddr",
        (probe, honest) =>
          ["libvirt-ifaddr", "ethtool", "sysfs-net", "gateway-ping", "bond"].includes(probe)
            ? inFrames(honest, (text) =>
                middle(
                  text,
                  `\n x${" ".repeat(60_000)}x\n${"0".repeat(60_000)}:${":".repeat(60_000)}\n\t${" ".repeat(60_000)}:x\n`,
                ),
              )
            : honest,
        1,
      ),
  },
  {
    id: "wide-json",
    finding: 12,
    wants: "the collector's memory and time, by a hundred thousand interfaces and as many rules",
    seen: { log: /wide-json/ },
    slow: true,
    attempt: (world) =>
      reads(world, "wide-json", "ip-link", (probe, honest) =>
        probe === "ip-link" || probe === "ip-addr"
          ? inFrames(honest, (text) => {
              const list = JSON.parse(text) as Record<string, unknown>[];
              const many = Array.from({ length: 100_000 }, (_, at) => ({
                ...list[at % list.length],
                ifindex: at + 1,
                ifname: `x${at}`,
              }));
              return JSON.stringify(many);
            })
          : honest,
      ),
  },
  {
    id: "endless-output",
    finding: 12,
    wants: "the collector's memory, by a hundred megabytes from each probe",
    seen: { log: /endless-output/ },
    slow: true,
    attempt: (world) =>
      reads(
        world,
        "endless-output",
        "ip-link",
        (_probe, { exit }) => ({ stdout: Buffer.alloc(100_000_000, 0x78), exit }),
        1,
      ),
  },
  {
    id: "event-flood",
    finding: 12,
    wants: "the attention of the collector, by changes that never happened, as fast as the line takes them",
    seen: { log: /event-flood/ },
    async attempt(world) {
      const host = await HostileHost.start("event-flood");
      try {
        await world.addHost(host.spec("x"));
        await world.live(host.id);
        const line = "2: eno1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default ";
        const events = Array.from({ length: 500 }, () => ({ source: "ip-monitor" as const, line }));
        let flooding = true;
        const flood = (async () => {
          for (let at = 0; at < 4_000 && flooding; at++) {
            host.shout(events);
            await new Promise((resolve) => setImmediate(resolve));
          }
        })();
        const times: number[] = [];
        const deadline = Date.now() + 12_000;
        while (Date.now() < deadline) {
          const took = await world.changeArrives(10_000);
          if (took === null) return { harm: "a change on another host was not told within 10 s", refused: null };
          times.push(took);
        }
        flooding = false;
        await flood;
        const state = (await world.card(host.id))?.host;
        return {
          harm: null,
          refused: `others told in at most ${Math.max(...times)} ms; the host is ${state?.state}${state?.reason ? ` (${state.reason.slice(0, 60)})` : ""}`,
        };
      } finally {
        await world.removeHost(host.id);
        await host.stop();
      }
    },
  },
  {
    id: "names-that-bite",
    finding: 7,
    wants:
      "commands, escape codes and markup in names of guests and interfaces, taken at their word by a shell, a terminal or a page",
    seen: { log: /names-that-bite/ },
    async attempt(world) {
      const host = await HostileHost.start("names-that-bite");
      const hostile = [
        "$(touch /tmp/taproot-bitten)",
        "`id`;reboot",
        "\u001b[31mred\u0007",
        "\u202egnp",
        "<script>x</script>",
        `$${"{X}"}$$`,
        "__proto__",
      ];
      try {
        for (const name of hostile) host.machine.addGuest(name);
        const before = world.product.log.length;
        await world.addHost(host.spec("x"));
        await world.live(host.id);
        const snapshot = await world.admin.send(`/api/hosts/${host.id}/snapshot`);
        const made = await world.operator.must<{ id: string }>("/api/incidents", {
          method: "POST",
          body: { host: host.id, note: hostile.join(" "), public: true },
        });
        const markdown = await world.admin.send(`/api/incidents/${made.id}/markdown`);
        const texts = { log: world.product.log.slice(before), JSON: snapshot.text, Markdown: markdown.text };
        const bitten = Object.entries(texts).filter(([, text]) => text.includes("\u001b"));
        if (bitten.length > 0)
          return { harm: `escape codes stand in ${bitten.map(([where]) => where).join(", ")}`, refused: null };
        // What stands in code, inline or as a block, is shown as it is.
        const marked = markdown.text.replace(/^(`{3,}).*?^\1/gms, "").replace(/(`+)(?!`).+?\1(?!`)/g, "");
        if (/(?<!\\)<script/.test(marked)) return { harm: "markup stands in the Markdown", refused: null };
        return { harm: null, refused: `${hostile.length} names written as they are, and never as what they mean` };
      } finally {
        await world.removeHost(host.id);
        await host.stop();
      }
    },
  },
];
