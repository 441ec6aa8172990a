import { defineCheck, pass, unknown } from "../define";
import { commandLine } from "../evidence";

/**
 * A macvtap guest and its own host never hear each other: what the host sends goes out by the cable and does not come back. That is by design, and nobody's fault - until the host
 * tries: its neighbour table then has the guest's address without a MAC. In passthrough mode the card is the guest's alone.
 */
export const check = defineCheck({
  id: "macvtap-host-isolation",
  layer: "tap",
  title: { en: "Host tries to reach its own macvtap guest", zh: "主机尝试访问自己的 macvtap 虚拟机" },
  message: {
    en: "The host asks for {address} of {vm} on {lower} and gets no answer: {vm} is attached to {lower} via {macvtap} (macvtap, mode {mode}), which never passes frames between host and guest",
    zh: "主机在 {lower} 上询问 {vm} 的 {address}，但对方听不到：{vm} 通过 {macvtap}（macvtap，模式 {mode}）接在 {lower} 上，主机与虚拟机之间不会转发帧",
  },
  expected: {
    en: "Host and {vm} have a way to each other, or do not need one",
    zh: "主机与 {vm} 之间有互通路径，或不需要互通",
  },
  repair: {
    en: "If the host must talk to {vm}: give the host a macvlan of its own on {lower} (ip link add link {lower} name host0 type macvlan mode bridge) and move the host's address there; or put {vm} on a Linux bridge. Mode vepa works with a switch that reflects frames (802.1Qbg).",
    zh: "若主机必须与 {vm} 通信：在 {lower} 上为主机建立 macvlan（ip link add link {lower} name host0 type macvlan mode bridge）并将主机地址移到其上；或把 {vm} 接到 Linux 网桥。vepa 模式需要支持反射的交换机（802.1Qbg）。",
  },
  explain: {
    en: "macvtap hands frames to guests by MAC as they come in from the cable. Frames that the host itself sends leave by the cable at once, past all guests on it. Others in the LAN reach the guest; only its own host does not. Which address is the guest's, its QEMU guest agent tells: without an agent, an address that the host asks for in vain stays unknown.",
    zh: "macvtap 按 MAC 把从网线进来的帧交给虚拟机。主机自己发出的帧直接从网线出去，不经过其上的虚拟机。局域网中其他机器可以访问该虚拟机，唯独宿主机不行。虚拟机的地址由 QEMU guest agent 提供：没有代理时，主机请求不到的地址属于谁无法判断。",
  },
  needs: ["ip-link", "ip-neigh"],
  optional: ["libvirt-ifaddr"],
  subjects: ["macvtap"],
  sources: [
    "https://libvirt.org/formatdomain.html#direct-attachment-to-physical-interface",
    "https://wiki.libvirt.org/TroubleshootMacvtapHostFail.html",
  ],
  lab: { case: "macvtap-host-isolation" },
  evaluate(macvtap, view) {
    const { vm, mode } = macvtap.attributes;
    if (typeof vm !== "string" || mode === "passthru") return null;
    const lower = view.graph
      .towardsWire(macvtap.id)
      .filter((edge) => edge.kind === "macvtap")
      .flatMap((edge) => view.graph.node(edge.from) ?? [])[0];
    if (!lower || lower.attributes.netns !== undefined) return null;
    const vnics = view.graph.towardsGuest(macvtap.id).flatMap((edge) => view.graph.node(edge.to) ?? []);
    const own = new Set(
      vnics.flatMap((vnic) => {
        const { addresses } = vnic.attributes;
        return Array.isArray(addresses) ? addresses.filter((one) => typeof one === "string") : [];
      }),
    );
    const unheard = view
      .fact("ip-neigh")
      .filter((one) => one.dev === lower.name && (one.state.includes("FAILED") || one.state.includes("INCOMPLETE")));
    // Its address stands in no table of this host: only its agent can tell. Unasked, any address that the host misses there may be it.
    const [missed] = unheard;
    if (own.size === 0 && missed)
      return unknown(
        {
          en: "nobody tells the address of {vm} (no guest agent answers), and {missed} is silent there",
          zh: "无从得知 {vm} 的地址（没有客户机代理响应），而该处 {missed} 无响应",
        },
        { vm: String(vm), missed: missed.dst },
      );
    const deaf = unheard.find((entry) => own.has(entry.dst));
    if (!deaf) return pass;
    return {
      status: "warn",
      params: { vm, address: deaf.dst, lower: lower.name, macvtap: macvtap.name, mode: String(mode ?? "?") },
      evidence: [
        {
          command: commandLine(["ip", "neigh", "show", "to", deaf.dst, "dev", lower.name]),
          excerpt: `${deaf.dst} dev ${lower.name} ${deaf.state.join(",")}`,
        },
        {
          command: commandLine(["ip", "-d", "link", "show", "dev", macvtap.name]),
          excerpt: `${macvtap.name}@${lower.name}: macvtap mode ${String(mode ?? "?")}`,
        },
      ],
      cuts: false,
    };
  },
});
