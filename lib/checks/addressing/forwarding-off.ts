import { routedEdges } from "../../graph/reach";
import { defineCheck, pass } from "../define";
import { commandLine } from "../evidence";

/** A NAT or routed libvirt network runs and the kernel forwards no IPv4. Hosts whose networks are isolated, or that only bridge, need no forwarding. */
export const check = defineCheck({
  id: "forwarding-off",
  layer: "addressing",
  title: { en: "IP forwarding is off", zh: "IP 转发已关闭" },
  message: {
    en: "net.ipv4.ip_forward is 0, yet network {networks} needs the host to forward: its guests reach the host and nothing else",
    zh: "net.ipv4.ip_forward 为 0，但网络 {networks} 需要主机转发：其虚拟机只能访问主机",
  },
  expected: { en: "net.ipv4.ip_forward is 1", zh: "net.ipv4.ip_forward 为 1" },
  repair: {
    en: "Switch it on: sysctl -w net.ipv4.ip_forward=1, and keep it: echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/60-forward.conf. Find what switched it off: grep -r ip_forward /etc/sysctl.conf /etc/sysctl.d.",
    zh: "开启：sysctl -w net.ipv4.ip_forward=1，并保持：echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/60-forward.conf。查明是谁关闭的：grep -r ip_forward /etc/sysctl.conf /etc/sysctl.d。",
  },
  explain: {
    en: "libvirt switches forwarding on when it starts such a network. A hardening script or a later sysctl --system switches it off again; the network looks healthy all the same.",
    zh: "libvirt 启动此类网络时会开启转发。加固脚本或之后的 sysctl --system 可能再次将其关闭，而网络看起来仍然正常。",
  },
  needs: ["sysctl", "libvirt-networks"],
  subjects: ["host"],
  sources: ["https://docs.kernel.org/networking/ip-sysctl.html", "https://libvirt.org/formatnetwork.html#connectivity"],
  lab: { case: "forwarding-off" },
  evaluate(_subject, view) {
    const wanted = (view.factOrAbsent("libvirt-networks") ?? []).filter(
      (one) =>
        one.active &&
        ["nat", "route", "open"].includes(one.forward?.mode ?? "") &&
        one.ips.some((ip) => ip.family === "ipv4"),
    );
    if (wanted.length === 0) return null;
    const value = view.fact("sysctl").values["net.ipv4.ip_forward"];
    if (value === undefined || value !== 0) return value === undefined ? null : pass;
    return {
      status: "fail",
      cuts: false,
      breaks: routedEdges(view.graph).flatMap((edge) => (edge.attributes?.lost === "forwarding" ? [edge.id] : [])),
      params: { networks: wanted.map((one) => one.name).join(", "), key: "net/ipv4/ip_forward", value: 1, was: 0 },
      evidence: [
        { command: "sysctl net.ipv4.ip_forward", excerpt: "net.ipv4.ip_forward = 0" },
        ...wanted.slice(0, 3).map((one) => ({
          command: commandLine(["virsh", "net-dumpxml", one.name]),
          excerpt: `<forward mode='${one.forward?.mode ?? ""}'>`,
        })),
      ],
    };
  },
});
