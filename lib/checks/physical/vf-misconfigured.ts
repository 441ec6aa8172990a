import type { FactOf } from "../../probes/registry";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";
import { bondHost, edit, macOf, setLink, unread } from "../testing";

type DomainNic = FactOf<"libvirt-domains">[number]["interfaces"][number];

/**
 * A virtual function that serves a running guest (found by the guest's MAC, which libvirt writes into it) has its link held down, or sits in another VLAN than the guest's
 * definition says. Functions that serve nobody are not looked at; link state `auto` follows the cable.
 */
export const check = defineCheck({
  id: "vf-misconfigured",
  layer: "physical",
  title: { en: "Virtual function is set wrong", zh: "虚拟功能（VF）配置错误" },
  message: {
    en: "Virtual function {vf} of {nic}, which serves {vm} ({mac}), has {wrong}",
    zh: "{nic} 的虚拟功能 {vf} 服务于 {vm}（{mac}），但其配置有误：{wrong}",
  },
  expected: {
    en: "Its link state is auto or enable, its VLAN that of the guest's definition",
    zh: "链路状态为 auto 或 enable，VLAN 与虚拟机定义一致",
  },
  repair: {
    en: "Link state: ip link set dev {nic} vf {vf} state auto. VLAN: make the vlan tag in virsh edit {vm} and ip link set dev {nic} vf {vf} vlan ID say the same; the switch port must carry it tagged.",
    zh: "链路状态：ip link set dev {nic} vf {vf} state auto。VLAN：使 virsh edit {vm} 中的 vlan tag 与 ip link set dev {nic} vf {vf} vlan ID 一致；交换机端口必须以 tagged 方式承载。",
  },
  explain: {
    en: "A virtual function goes round all bridges: link state, VLAN and MAC are set on the physical function. What is wrong there shows nowhere in the guest but as silence.",
    zh: "虚拟功能绕过所有网桥：链路状态、VLAN 和 MAC 都在物理功能上设置。那里配置错误，在虚拟机内只表现为不通。",
  },
  needs: ["ip-link", "libvirt-domains"],
  optional: ["libvirt-state"],
  subjects: ["nic"],
  reach: "self",
  sources: [
    "https://man7.org/linux/man-pages/man8/ip-link.8.html",
    "https://libvirt.org/formatdomain.html#pci-passthrough-hostdev",
    "https://github.com/iproute2/iproute2/blob/v6.1.0/ip/ipaddress.c",
  ],
  lab: {
    none: "no virtual NIC of the lab has virtual functions",
    capture: "e2e/captures/hardware/iproute2-6.1-ip-d-s-j-link-vf.json",
  },
  evaluate(nic, view) {
    const link = view.fact("ip-link").find((one) => one.ifindex === nic.attributes.ifindex && one.ifname === nic.name);
    const vfs = link?.vfinfo_list ?? [];
    if (vfs.length === 0 || nic.attributes.netns !== undefined) return null;
    const guests = new Map<string, { vm: string; nic: DomainNic }>();
    for (const domain of view.factOrAbsent("libvirt-domains") ?? []) {
      const fresh = view.factIfRead("libvirt-state")?.find((one) => one.uuid === domain.uuid);
      if ((fresh ? fresh.state : domain.state) !== "running") continue;
      for (const one of domain.interfaces)
        if (one.mac !== undefined && (one.type === "hostdev" || one.type === "network" || one.type === "direct"))
          guests.set(one.mac, { vm: domain.name, nic: one });
    }
    let served = false;
    for (const vf of vfs) {
      const guest = guests.get(String(vf.address ?? vf.mac ?? "").toLowerCase());
      if (!guest) continue;
      served = true;
      const wrong = wrongOf(vf, guest.nic);
      if (wrong === undefined) continue;
      return {
        status: wrong.dead ? "fail" : "warn",
        params: { nic: nic.name, vf: Number(vf.vf), vm: guest.vm, mac: guest.nic.mac ?? "-", wrong: wrong.what },
        evidence: [
          {
            command: commandLine(["ip", "-d", "link", "show", "dev", nic.name]),
            excerpt: `vf ${String(vf.vf)} link/ether ${guest.nic.mac ?? "-"}, vlan ${vlanOf(vf) ?? "none"}, link-state ${String(vf.link_state ?? "?")}`,
          },
        ],
        // The card itself is well; only this guest is cut off.
        cuts: false,
      };
    }
    return served ? pass : null;
  },
  examples: {
    bad: [
      { name: "its link is held down", expect: "fail", facts: withVf({ link_state: "disable" }), subject: "nic/mgmt0" },
      {
        name: "in another VLAN than its guest's definition says",
        expect: "warn",
        facts: withVf({ vlan_list: [{ vlan: 20 }] }, 10),
        subject: "nic/mgmt0",
      },
    ],
    good: [
      { name: "follows the cable", expect: "pass", facts: withVf({ link_state: "auto" }), subject: "nic/mgmt0" },
      {
        name: "in its VLAN",
        expect: "pass",
        facts: withVf({ vlan_list: [{ vlan: 10 }] }, 10),
        subject: "nic/mgmt0",
      },
      {
        name: "a VLAN set by hand that the definition does not speak of",
        expect: "pass",
        facts: withVf({ vlan_list: [{ vlan: 20 }] }),
        subject: "nic/mgmt0",
      },
      {
        name: "held down, but it serves nobody",
        expect: "not-applicable",
        facts: withVf({ link_state: "disable", address: "00:00:00:00:00:00" }),
        subject: "nic/mgmt0",
      },
      { name: "no virtual functions", expect: "not-applicable", facts: bondHost(), subject: "nic/mgmt0" },
    ],
    unknown: [
      {
        name: "libvirt did not answer",
        expect: "unknown",
        facts: unread(withVf({}), "libvirt-domains"),
        subject: "nic/mgmt0",
      },
    ],
  },
});

function vlanOf(vf: Readonly<Record<string, unknown>>): number | undefined {
  if (typeof vf.vlan === "number" && vf.vlan > 0) return vf.vlan;
  const [first] = Array.isArray(vf.vlan_list) ? (vf.vlan_list as readonly unknown[]) : [];
  const vlan = typeof first === "object" && first !== null ? (first as { readonly vlan?: unknown }).vlan : undefined;
  return typeof vlan === "number" && vlan > 0 ? vlan : undefined;
}

function wrongOf(vf: Readonly<Record<string, unknown>>, nic: DomainNic): { what: string; dead: boolean } | undefined {
  if (vf.link_state === "disable") return { what: "its link state set to disable", dead: true };
  const wanted = nic.vlan?.trunk === false ? nic.vlan.tags[0]?.id : undefined;
  const actual = vlanOf(vf);
  if (wanted !== undefined && wanted !== actual)
    return { what: `VLAN ${actual ?? "none"} where the definition says ${wanted}`, dead: false };
  return undefined;
}

function withVf(vf: Readonly<Record<string, unknown>>, vlan?: number) {
  const facts = edit(bondHost(), "libvirt-domains", ([first, ...rest]) =>
    first
      ? [
          {
            ...first,
            interfaces: first.interfaces.map((nic) => ({
              ...nic,
              type: "hostdev",
              source: { pci: "0000:03:10.1" },
              target: undefined,
              vlan: vlan === undefined ? undefined : { trunk: false, tags: [{ id: vlan }] },
            })),
          },
          ...rest,
        ]
      : undefined,
  );
  return setLink(facts, "mgmt0", {
    vfinfo_list: [
      { vf: 0, link_type: "ether", address: macOf(1), spoofchk: true, link_state: "auto", trust: false, ...vf },
    ],
  });
}
