import type { SimLink, SimState } from "../model";
import { countersOf, qdiscs } from "./ip";
import type { Parts } from "./libvirt";

const fqCodel = {
  limit: 10_240,
  flows: 1024,
  quantum: 1514,
  target: 4999,
  interval: 99_999,
  memory_limit: 33_554_432,
  ecn: true,
  drop_batch: 64,
};

/** What `tc -s -j qdisc show` prints of one interface: a NIC of one queue has its mq and one child below it. */
function qdiscsOf(state: SimState, link: SimLink, now: number): object[] {
  const kind = qdiscs[link.kind];
  const sent = kind === "noqueue" ? { bytes: 0, packets: 0 } : countersOf(state, link, now).tx;
  const one = (name: string, place: object) => ({
    kind: name,
    handle: "0:",
    dev: link.name,
    ...place,
    options: name === "fq_codel" ? fqCodel : {},
    ...sent,
    drops: 0,
    overlimits: 0,
    requeues: 0,
    backlog: 0,
    qlen: 0,
  });
  const root = one(kind, { root: true, ...(kind === "mq" ? {} : { refcnt: 2 }) });
  return kind === "mq" ? [root, one("fq_codel", { parent: ":1" })] : [root];
}

/** Parts of the probe tc: the kernel's default queues, no hook and so no filter. */
export function tc(state: SimState, now: number): Parts {
  const printed = [...state.links.values()].flatMap((link) => qdiscsOf(state, link, now));
  return [
    ["qdiscs", JSON.stringify(printed)],
    ["end", ""],
  ];
}
