import { flag, number, term } from "../attributes";
import { hadUplink, interfaceAttributes } from "../interface-attributes";
import { defineNodeKind } from "./define";

/** An Open vSwitch bridge, and its local port: one interface is one node. */
export const kind = defineNodeKind({
  word: { en: "OVS bridge", zh: "OVS 网桥" },
  lane: "bridge",
  holdsAddresses: true,
  forwards: true,
  isTrunk: true,
  attributes: {
    ...interfaceAttributes,
    datapath: term({ en: "Datapath", zh: "数据通路" }),
    failMode: term({ en: "Fail mode", zh: "故障模式" }),
    controllers: number({ en: "Controllers", zh: "控制器数" }),
    stp: flag({ en: "STP", zh: "STP" }),
    rstp: flag({ en: "RSTP", zh: "RSTP" }),
    hadUplink,
  },
});
