import { addresses, flag, mac, name, number, term, text } from "./attributes";

/** What every interface of a host may have, whatever its kind: see `linkAttributes` and the pass `details`. */
export const interfaceAttributes = {
  up: flag({ en: "Set up", zh: "已启用" }),
  carrier: flag<boolean | null>({ en: "Carrier", zh: "载波" }),
  operstate: term({ en: "Operational state", zh: "运行状态" }),
  mtu: number({ en: "MTU", zh: "MTU" }),
  mac: mac({ en: "MAC", zh: "MAC" }),
  permanentMac: mac({ en: "Permanent MAC", zh: "永久 MAC" }),
  addresses: addresses({ en: "Addresses", zh: "地址" }),
  master: text({ en: "Enslaved to", zh: "所属上级" }),
  speed: number({ en: "Speed", zh: "速率" }, "Mbit/s"),
  duplex: term({ en: "Duplex", zh: "双工" }),
  driver: term({ en: "Driver", zh: "驱动" }),
  slot: text({ en: "PCI slot", zh: "PCI 插槽" }),
  bus: term({ en: "Bus", zh: "总线" }),
  device: text({ en: "Device", zh: "设备" }),
  wireless: flag({ en: "Wireless", zh: "无线" }),
  linkKind: term({ en: "Kernel kind", zh: "内核类型" }),
  slaveKind: term({ en: "Kernel kind of the port", zh: "端口的内核类型" }),
  flags: term<readonly string[]>({ en: "Flags", zh: "标志" }),
  qdisc: term({ en: "Queueing discipline", zh: "排队规则" }),
  xdp: flag({ en: "XDP program", zh: "XDP 程序" }),
  loopback: flag({ en: "Loopback", zh: "环回" }),
  altnames: name<readonly string[]>("label", { en: "Other names", zh: "其他名称" }),
  ifindex: number({ en: "Interface index", zh: "接口序号" }),
  netns: text({ en: "Network namespace", zh: "网络命名空间" }),
  netnsPid: number({ en: "Process in the namespace", zh: "命名空间中的进程" }),
} as const;

/** A veth or tunnel that stands for the NIC of its host: see the passes `links` and `ovs`. */
export const playsNic = flag({ en: "Acts as the NIC", zh: "充当网卡" });

/** A bridge that once had a way to the wire: see the passes `bridges` and `ovs`. */
export const hadUplink = flag({ en: "Had an uplink", zh: "曾有上联" });

/** The host's end of a guest's virtual cable. */
export const ofGuest = {
  vm: name("vm", { en: "VM", zh: "虚拟机" }),
  guestMac: mac({ en: "MAC of the guest", zh: "虚拟机侧 MAC" }),
  mode: term({ en: "Mode", zh: "模式" }),
} as const;
