import { defineCheck, type Evidence, pass } from "../define";
import { commandLine } from "../evidence";

/**
 * A libvirt network runs and gives out addresses, and nobody on the host listens for DHCP on its bridge. A network without a range has no server; another server that listens on all
 * interfaces stands in. libvirt's dnsmasq is no unit of its own: what is left to show beside the empty port are the servers that do run, with their process, and the daemon that starts it.
 */
export const check = defineCheck({
  id: "dhcp-server-down",
  layer: "addressing",
  title: { en: "DHCP server is gone", zh: "DHCP 服务已停止" },
  message: {
    en: "Network {network} gives out {range}, and nobody listens on UDP port 67 of {bridge}: guests get no address",
    zh: "网络 {network} 应分配 {range}，但 {bridge} 的 UDP 67 端口无人监听：虚拟机得不到地址",
  },
  expected: {
    en: "dnsmasq of network {network} listens on {bridge}",
    zh: "网络 {network} 的 dnsmasq 在 {bridge} 上监听",
  },
  repair: {
    en: "Start the network anew, at a quiet time, for its running guests lose their link and have to be plugged in again: virsh net-destroy {network}; virsh net-start {network}. See why it ended: journalctl -b | grep dnsmasq.",
    zh: "在空闲时重启网络（其上运行的虚拟机会断开，需要重新接线）：virsh net-destroy {network}; virsh net-start {network}。查明退出原因：journalctl -b | grep dnsmasq。",
  },
  explain: {
    en: "libvirt starts one dnsmasq for each such network and does not look after it. Guests keep their addresses until the lease ends; then they fall off one by one.",
    zh: "libvirt 为每个此类网络启动一个 dnsmasq，但不监管它。虚拟机的地址在租约到期前仍可用，之后陆续失效。",
  },
  needs: ["libvirt-networks", "sockets"],
  optional: ["units"],
  subjects: ["bridge"],
  sources: ["https://libvirt.org/formatnetwork.html#addressing", "https://man7.org/linux/man-pages/man8/ss.8.html"],
  lab: { case: "dhcp-server-down" },
  evaluate(bridge, view) {
    const network = view
      .factOrAbsent("libvirt-networks")
      ?.find((one) => one.active && one.bridge?.name === bridge.name);
    const ip = network?.ips.find((one) => one.family === "ipv4" && (one.ranges.length > 0 || one.hosts.length > 0));
    if (!network || !ip) return null;
    const servers = view.fact("sockets").filter((one) => one.protocol === "udp" && one.port === 67);
    const listens = servers.some(
      (one) =>
        one.ifname === bridge.name || (one.ifname === undefined && ["0.0.0.0", "*", ip.address].includes(one.address)),
    );
    if (listens) return pass;
    const running = servers.map((one) => {
      const who = (one.processes ?? []).map(({ name, pid }) => `${name} (pid ${pid})`).join(", ");
      return `${one.address}${one.ifname === undefined ? "" : `%${one.ifname}`}:67 ${who}`.trimEnd();
    });
    const starters = (view.factIfRead("units") ?? []).filter((one) => starts.has(one.id));
    const [range] = ip.ranges;
    return {
      status: "fail",
      cuts: false,
      params: {
        network: network.name,
        bridge: bridge.name,
        range: range ? `${range.start} - ${range.end}` : ip.address,
      },
      evidence: [
        { command: "ss -Hlnup 'sport = :67'", excerpt: [`(nobody on ${bridge.name})`, ...running].join("\n") },
        {
          command: commandLine(["virsh", "net-dumpxml", network.name]),
          excerpt: range ? `<range start='${range.start}' end='${range.end}'/>` : `<ip address='${ip.address}'>`,
        },
        ...starters.map(
          (one): Evidence => ({
            command: commandLine(["systemctl", "status", one.id]),
            excerpt: `${one.id}: ${one.activeState} (${one.subState})`,
          }),
        ),
      ],
    };
  },
});

/** Who starts the dnsmasq of a network. */
const starts = new Set(["libvirtd.service", "virtnetworkd.service"]);
