import type { GraphEdge, GraphNode } from "../graph/model";
import type { CheckView } from "./define";

/** Driver counters of frames that arrived spoilt: what a bad cable, connector or transceiver makes. Each driver has its own names for them. */
const spoilt =
  /^(?:port[._])?(?:rx_)?(?:(?:crc|fcs|align(?:ment)?|frame|symbol|length|in_range_len(?:gth)?)_err(?:ors?|_frames|_phy)?(?:_phy)?|crc_errors|illegal_bytes|bad_crc|symbol_err_phy)(?:\.nic)?$/;

/** Driver counters of frames that arrived well and found no room: ring or FIFO full. */
const missed =
  /^(?:port[._])?(?:rx_(?:missed_errors|missed|fifo_errors|over_errors|no_buffer_count|out_of_buffer|discards_phy|no_dma_resources|dropped_no_buffer|nodesc_drop_cnt|buf_errors|discards|prio\d_buf_discard))(?:\.nic)?$/;

export const isSpoilt = (name: string): boolean => spoilt.test(name);
export const isMissed = (name: string): boolean => missed.test(name);

/** The counters of one NIC that `which` takes, those above zero first. Undefined where the driver has none of them, or ethtool was not there to ask. */
export function countersOf(
  nic: GraphNode | GraphEdge,
  view: CheckView<"ethtool">,
  which: (name: string) => boolean,
): readonly { readonly name: string; readonly value: number }[] | undefined {
  if (!("name" in nic) || nic.attributes.netns !== undefined) return undefined;
  const all = view.factOrAbsent("ethtool")?.find((one) => one.ifname === nic.name)?.statistics;
  const found = all?.filter(({ name }) => which(name)) ?? [];
  return found.length === 0 ? undefined : [...found].sort((a, b) => b.value - a.value);
}

export const sumOf = (counters: readonly { readonly value: number }[] | undefined): number | undefined =>
  counters?.reduce((sum, { value }) => sum + Math.max(0, value), 0);
