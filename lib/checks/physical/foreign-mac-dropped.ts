import type { Facts } from "../../facts/facts";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { addLinks, bondHost, edit, factsOf, link, macOf, setLink, unread } from "../testing";

/**
 * An uplink that carries the host's own MAC and drops its guests'. Seen here where it is certain without sending anything: a Wi-Fi station as the lower device of a guest's macvtap. (An access
 * point only takes frames from stations that have associated; the kernel itself refuses such a card as a bridge port, unless it speaks 4-address frames.) Port security, MAC limits and
 * parent hypervisors look the same to guests, but tell nobody: to see them takes a probe that sends with a guest's address, which this check does not do.
 */
export const check = defineCheck({
  id: "foreign-mac-dropped",
  layer: "physical",
  title: { en: "Uplink drops the guests' MAC addresses", zh: "上行链路丢弃虚拟机的 MAC 地址" },
  message: {
    en: "{nic} is a Wi-Fi card: its access point drops the frames of {vms}, whose MACs have not associated",
    zh: "{nic} 是无线网卡：接入点会丢弃 {vms} 的帧，因为它们的 MAC 没有关联",
  },
  expected: {
    en: "Guests hang on a wired uplink, or behind NAT or routing",
    zh: "虚拟机接在有线上行链路上，或位于 NAT 或路由之后",
  },
  repair: {
    en: "Put {vms} on a libvirt NAT network or a routed one, or use a wired NIC instead of {nic}. With an access point that speaks WDS: iw dev {nic} set 4addr on, and a bridge.",
    zh: "把 {vms} 接到 libvirt 的 NAT 或路由网络，或用有线网卡代替 {nic}。若接入点支持 WDS：iw dev {nic} set 4addr on，并使用网桥。",
  },
  explain: {
    en: "Bridging lets many MACs speak through one port. Whoever is at the other end must allow that: an access point does not, and neither do switch ports with port security or virtual switches of a parent hypervisor that refuse forged transmits. The host itself is well; only its guests are silent.",
    zh: "桥接让多个 MAC 通过一个端口通信，对端必须允许这样做：无线接入点不允许，启用端口安全的交换机端口和禁止伪传输的上层虚拟交换机也不允许。主机自身正常，只有虚拟机不通。",
  },
  needs: ["ip-link", "sysfs-net"],
  optional: ["libvirt-domains"],
  subjects: ["nic"],
  reach: "neighbours",
  sources: [
    "https://wireless.docs.kernel.org/en/latest/en/users/documentation/iw.html",
    "https://wiki.libvirt.org/Networking.html",
  ],
  lab: {
    none: "the lab has no Wi-Fi card; a switch that drops unknown source MACs is not seen yet",
    capture: "examples in this file",
  },
  evaluate(nic, view) {
    if (nic.attributes.netns !== undefined) return null;
    const wireless = view.fact("sysfs-net").find((one) => one.ifname === nic.name)?.wireless;
    if (wireless !== true) return null;
    const macvtaps = view.graph
      .towardsGuest(nic.id)
      .filter((edge) => edge.kind === "macvtap")
      .flatMap((edge) => view.graph.node(edge.to) ?? [])
      .filter((one) => typeof one.attributes.vm === "string" && one.attributes.mode !== "passthru");
    const [first] = macvtaps;
    if (!first) return null;
    // A guest that was given the card's own address is the one station that has associated.
    const foreign = macvtaps.filter((one) => one.attributes.mac !== nic.attributes.mac);
    if (foreign.length === 0) return pass;
    return {
      status: "fail",
      params: { nic: nic.name, vms: foreign.map((one) => String(one.attributes.vm)).join(", ") },
      evidence: foreign.map((one) => ({
        command: commandLine(["ip", "-d", "link", "show", "dev", one.name]),
        excerpt: `${one.name}@${nic.name}: link/ether ${String(one.attributes.mac ?? "-")} macvtap mode ${String(one.attributes.mode ?? "?")}; /sys/class/net/${nic.name}/phy80211`,
      })) as [{ command: string; excerpt: string }],
      breaks: view.graph
        .towardsGuest(nic.id)
        .filter((edge) => foreign.some((one) => one.id === edge.to))
        .map((edge) => edge.id),
      cuts: false,
    };
  },
  examples: {
    bad: [{ name: "a macvtap guest on Wi-Fi", expect: "fail", facts: wifi({}), subject: "nic/mgmt0" }],
    good: [
      {
        name: "the guest has the card's own address",
        expect: "pass",
        facts: setLink(wifi({}), "mgmt0", { address: macOf(1) }),
        subject: "nic/mgmt0",
      },
      {
        name: "a macvtap guest on a wired NIC",
        expect: "not-applicable",
        facts: wifi({ wireless: false }),
        subject: "nic/mgmt0",
      },
      {
        name: "Wi-Fi that only the host uses",
        expect: "not-applicable",
        facts: { ...bondHost(), ...factsOf({ "sysfs-net": [{ ifname: "mgmt0", ifindex: 2, wireless: true }] }) },
        subject: "nic/mgmt0",
      },
    ],
    unknown: [
      { name: "sysfs not read", expect: "unknown", facts: unread(wifi({}), "sysfs-net"), subject: "nic/mgmt0" },
    ],
  },
});

function wifi({ wireless = true }: { wireless?: boolean }): Facts {
  const direct = edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [
          {
            ...first,
            interfaces: first.interfaces.map((nic) => ({
              ...nic,
              type: "direct",
              source: { dev: "mgmt0", mode: "bridge" },
              target: "macvtap0",
            })),
          },
          ...rest,
        ]
      : undefined,
  );
  const facts = edit(direct, "libvirt-state", ([first, ...rest]) =>
    first ? [{ ...first, interfaces: [{ name: "macvtap0" }] }, ...rest] : undefined,
  );
  return {
    ...addLinks(
      facts,
      link(40, "macvtap0", {
        address: macOf(1),
        link: "mgmt0",
        linkinfo: { info_kind: "macvtap", info_data: { mode: "bridge" } },
      }),
    ),
    ...factsOf({ "sysfs-net": [{ ifname: "mgmt0", ifindex: 2, wireless }] }),
  };
}
