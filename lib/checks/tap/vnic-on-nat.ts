import { holds, isLinkLocal, subnetOf } from "../../graph/ipv4";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/**
 * A guest on a NAT network is reachable from its host only: by design, and no fault. It is one when the guest itself says that it wants to be elsewhere: none of its addresses fits the
 * network that it hangs on, and one of them lies in a subnet that the host has on another interface.
 */
export const check = defineCheck({
  id: "vnic-on-nat",
  layer: "tap",
  title: { en: "Guest with a LAN address is on a NAT network", zh: "配置了局域网地址的虚拟机接在 NAT 网络上" },
  message: {
    en: "{vm} has {address}, an address of the subnet on {lan}, but its NIC is on the NAT network {network} ({bridge}): nobody out there can reach it",
    zh: "{vm} 的地址 {address} 属于 {lan} 所在的子网，但其网卡接在 NAT 网络 {network}（{bridge}）上：外部无法访问它",
  },
  expected: {
    en: "The address fits the network that the NIC is on, or the NIC is on a bridge to {lan}",
    zh: "地址与网卡所在网络一致，或网卡接在通向 {lan} 的网桥上",
  },
  repair: {
    en: "To have {vm} in the LAN: virsh edit {vm}, make the interface <interface type='bridge'> with <source bridge='...'/> of a bridge that has {lan} as its uplink or is {lan}, then stop and start it. To keep it behind NAT: set the guest to DHCP.",
    zh: "要让 {vm} 进入局域网：virsh edit {vm}，将接口改为 <interface type='bridge'>，<source bridge='...'/> 填写以 {lan} 为上行或即为 {lan} 的网桥，然后关闭并重新启动。若保留 NAT：将虚拟机设为 DHCP。",
  },
  explain: {
    en: "libvirt's NAT networks lend the guest the host's address for what it starts itself; nothing from outside can start towards it. That is how they are meant. A guest with an address of the LAN does not even reach its gateway from there.",
    zh: "libvirt 的 NAT 网络只让虚拟机借用主机地址主动访问外部，外部无法主动访问它。这是其设计。使用局域网地址的虚拟机在那里连网关都无法到达。",
  },
  needs: ["libvirt-networks", "libvirt-ifaddr", "ip-addr"],
  subjects: ["vnic"],
  sources: [
    "https://wiki.libvirt.org/VirtualNetworking.html",
    "https://libvirt.org/formatnetwork.html#connectivity",
    "https://libvirt.org/formatdomain.html#bridge-to-lan",
  ],
  lab: { case: "vnic-on-nat" },
  evaluate(vnic, view) {
    const { network: name, mac, vm } = vnic.attributes;
    if (typeof name !== "string" || typeof mac !== "string") return null;
    const network = view.factOrAbsent("libvirt-networks")?.find((one) => one.name === name);
    if (network?.forward?.mode !== "nat" || !network.bridge) return null;
    const told = (view.factOrAbsent("libvirt-ifaddr")?.addresses ?? []).filter(
      (entry) => entry.mac === mac && entry.family === "ipv4" && !isLinkLocal(entry.address),
    );
    const own = network.ips.flatMap((ip) => subnetOf(ip.address, ip.prefix) ?? []);
    if (told.length === 0 || own.length === 0) return null;
    if (told.some((entry) => own.some((subnet) => holds(subnet, entry.address)))) return pass;
    for (const link of view.fact("ip-addr")) {
      if (link.ifname === network.bridge.name || link.ifname === "lo") continue;
      for (const address of link.addr_info) {
        const subnet = address.scope === "global" ? subnetOf(address.local, address.prefixlen) : undefined;
        const guest = subnet && subnet.prefix < 31 && told.find((entry) => holds(subnet, entry.address));
        if (!guest) continue;
        return {
          status: "warn",
          params: {
            vm: String(vm),
            address: guest.address,
            lan: link.ifname,
            network: name,
            bridge: network.bridge.name,
          },
          evidence: [
            {
              command: commandLine(["virsh", "domifaddr", String(vm), "--source", guest.source]),
              excerpt: `${guest.ifname}  ${mac}  ipv4  ${guest.address}/${guest.prefix}`,
            },
            {
              command: commandLine(["virsh", "net-dumpxml", name]),
              excerpt: `<forward mode='nat'/> <bridge name='${network.bridge.name}'/> ${network.ips.map((ip) => `<ip address='${ip.address}' prefix='${ip.prefix}'/>`).join(" ")}`,
            },
          ],
        };
      }
    }
    return null;
  },
});
