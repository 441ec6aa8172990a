import type { GraphNode } from "../../graph/model";
import type { GatewayPing } from "../../probes/gateway-ping";
import { type CheckView, defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/**
 * Packets as large as the interface's MTU vanish on the way to the gateway, small ones before and after them all come back, twice in a row; which of the usual sizes still
 * passes is told (a second of patience each, largest first). Only the way to the gateway is tried, for beyond it others may cut packets to size. Where the host itself knows that the path is
 * narrower, packets are cut to size and nothing is wrong.
 */
export const check = defineCheck({
  id: "path-mtu-blackhole",
  layer: "addressing",
  title: { en: "Large packets vanish", zh: "大包丢失" },
  message: {
    en: "Packets of {bytes} bytes to gateway {gateway} over {dev} vanish ({received} of {sent} came back); the largest that pass have {fits} bytes",
    zh: "经 {dev} 发往网关 {gateway} 的 {bytes} 字节数据包丢失（{sent} 个中返回 {received} 个）；能通过的最大数据包为 {fits} 字节",
  },
  expected: { en: "{gateway} answers packets of {bytes} bytes", zh: "{gateway} 应答 {bytes} 字节的数据包" },
  repair: {
    en: "Find the narrowest part between {dev} and {gateway}: compare the MTU of bridge, bond, NICs and VLANs here (ip -d link) with that of the switch ports, and align them. To find the size that passes: ping -M do -s SIZE {gateway}.",
    zh: "查找 {dev} 与 {gateway} 之间最窄处：比较本机网桥、绑定、网卡、VLAN 的 MTU（ip -d link）与交换机端口的 MTU，并统一。查找可通过的大小：ping -M do -s 大小 {gateway}。",
  },
  explain: {
    en: "Within a segment the sender gets no word that a frame was too large: the frame is dropped. Ping and login work, transfers stall. Jumbo frames with one switch port left at 1500 are the classic.",
    zh: "同一网段内没有人会通知发送方帧过大，只会丢弃。ping 和登录正常，传输却卡住。典型情况：启用巨帧但某个交换机端口仍为 1500。",
  },
  needs: ["gateway-ping"],
  subjects: ["gateway"],
  track: {
    lost: {
      windowMs: 1_800_000,
      sample(subject, view) {
        const asked = "from" in subject ? undefined : askedOf(subject, view);
        return asked?.large === undefined ? undefined : Number(vanishes(asked));
      },
    },
  },
  settings: {
    window: {
      title: { en: "Seconds for which it has to last", zh: "需持续的秒数" },
      default: 20,
      unit: "s",
      min: 5,
      max: 1_800,
    },
  },
  sources: ["https://man7.org/linux/man-pages/man8/ping.8.html", "https://www.rfc-editor.org/rfc/rfc2923"],
  lab: { case: "path-mtu-blackhole" },
  evaluate(gateway, view) {
    const asked = askedOf(gateway, view);
    // A gateway that answers no ping at all tells nothing of sizes.
    if (!asked?.large || asked.small.received === 0) return null;
    if (!vanishes(asked)) return pass;
    // No way over Ethernet is as narrow as that: somebody limits the size of pings (a firewall's screen against large ones), and nobody knows of other packets.
    if (asked.sizes && !asked.sizes.some((one) => one.passed && one.bytes >= narrowest)) return null;
    const samples = view.samples("lost");
    const since = samples.findLast((one) => one.value === 0)?.at ?? Number.NEGATIVE_INFINITY;
    const first = samples.find((one) => one.at > since);
    if (!first || view.now - first.at < view.setting("window") * 1000) return null;
    const fits = asked.sizes?.find((one) => one.passed)?.bytes;
    return {
      status: "warn",
      params: {
        gateway: asked.address,
        dev: asked.dev,
        bytes: asked.large.bytes,
        fits: fits ?? smallest,
        received: asked.large.received,
        sent: asked.large.sent,
      },
      evidence: [
        {
          command: commandLine([
            "ping",
            "-n",
            "-c",
            "2",
            "-M",
            "do",
            "-s",
            String(asked.large.bytes - 28),
            asked.address,
          ]),
          excerpt: `${asked.large.sent} packets transmitted, ${asked.large.received} received`,
        },
        ...(asked.sizes ?? []).map(({ bytes, passed }) => ({
          command: commandLine(["ping", "-n", "-c", "1", "-M", "do", "-s", String(bytes - 28), asked.address]),
          excerpt: `${bytes} bytes: 1 packets transmitted, ${passed ? 1 : 0} received`,
        })),
        {
          command: commandLine(["ping", "-n", "-c", "2", asked.address]),
          excerpt: `${asked.small.sent} packets transmitted, ${asked.small.received} received`,
        },
      ],
    };
  },
});

/** What every link that carries IPv6 passes whole (RFC 8200, section 5). */
const narrowest = 1280;

/** Of a ping without a size of its own, headers included. */
const smallest = 84;

const vanishes = (asked: GatewayPing): boolean =>
  asked.large !== undefined && asked.large.received === 0 && asked.small.received === asked.small.sent;

const askedOf = (gateway: GraphNode, view: CheckView<"gateway-ping">): GatewayPing | undefined =>
  view
    .factOrAbsent("gateway-ping")
    ?.find((one) => one.address === gateway.attributes.address && one.dev === gateway.attributes.dev);
