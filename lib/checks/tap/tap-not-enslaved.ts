import { defineCheck, pass } from "../define";
import { commandLine, linkEvidence } from "../evidence";
import { askOwner } from "../guest-network";
import { routesOver } from "../usage";

/**
 * A guest runs and its TAP is a port of nothing. Whether it should be: libvirt's XML names a bridge; for a plain QEMU process nothing says so, but a TAP without bridge,
 * address and route leads nowhere. A TAP with a route to it (Calico and the like) is a routed one.
 */
export const check = defineCheck({
  id: "tap-not-enslaved",
  layer: "tap",
  title: { en: "Guest's TAP is on no bridge", zh: "虚拟机的 TAP 未接入网桥" },
  message: {
    en: "{tap} of {vm} is on no bridge (expected: {bridge})",
    zh: "{vm} 的 {tap} 未接入任何网桥（应接入：{bridge}）",
  },
  expected: { en: "{tap} is a port of {bridge}", zh: "{tap} 是 {bridge} 的端口" },
  repair: {
    en: "Put it back: ip link set {tap} master {bridge}. Then look why it left: an ifup script that failed, a network restart that rebuilt {bridge}.",
    zh: "重新接入：ip link set {tap} master {bridge}。然后查明原因：ifup 脚本失败，或重启网络时重建了 {bridge}。",
  },
  explain: {
    en: "The TAP is the far end of the guest's virtual cable. On no bridge, it is a cable that is plugged in nowhere; after a restart of the host's network this is the most common fault of all.",
    zh: "TAP 是虚拟机虚拟网线的另一端。不在任何网桥上，就等于网线没有插到任何地方；重启主机网络服务后，这是最常见的故障。",
  },
  needs: ["ip-link", "ip-route", "libvirt-domains"],
  optional: ["qemu-proc"],
  subjects: ["tap"],
  sources: [
    "https://libvirt.org/formatdomain.html#bridge-to-lan",
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
  ],
  lab: { case: "tap-not-enslaved" },
  evaluate(subject, view) {
    if (typeof subject.attributes.master === "string") return pass;
    const ports = view.graph
      .towardsWire(subject.id)
      .filter((edge) => edge.kind === "bridge-port" || edge.kind === "ovs-port");
    if (ports.some((edge) => edge.present)) return pass;
    askOwner(subject, view);
    const { vm } = subject.attributes;
    if (typeof vm !== "string") return null;
    const nics = view.graph.towardsGuest(subject.id).flatMap((edge) => view.graph.node(edge.to) ?? []);
    // "ethernet": whoever made the TAP looks after it. "tap": QEMU's own arguments.
    const wanted = ports[0] && view.graph.node(ports[0].from);
    const named = wanted?.name ?? nics.map((nic) => nic.attributes.bridge).find((name) => typeof name === "string");
    const plain = nics.some((nic) => nic.attributes.type === "tap");
    if (named === undefined && (!plain || routesOver(subject, view.fact("ip-route")).length > 0)) return null;
    return {
      status: "fail",
      params: { tap: subject.name, vm, bridge: typeof named === "string" ? named : "-" },
      evidence: [
        linkEvidence(subject),
        ...(plain
          ? []
          : [
              {
                command: commandLine(["virsh", "domiflist", vm]),
                excerpt: nics
                  .map((nic) =>
                    [subject.name, nic.attributes.type, named, nic.attributes.model, nic.attributes.mac]
                      .map((part) => String(part ?? "-"))
                      .join("  "),
                  )
                  .join("\n"),
              },
            ]),
      ],
      breaks: ports.map((edge) => edge.id),
    };
  },
});
