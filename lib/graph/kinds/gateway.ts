import { address, mac, term, text } from "../attributes";
import { defineNodeKind } from "./define";

export const kind = defineNodeKind({
  word: { en: "gateway", zh: "网关" },
  lane: "switch",
  isEnd: true,
  isForeign: true,
  isProse: true,
  attributes: {
    address: address({ en: "Address", zh: "地址" }),
    dev: text({ en: "Reached by", zh: "出接口" }),
    family: term({ en: "Address family", zh: "地址族" }),
    mac: mac({ en: "MAC", zh: "MAC" }),
    table: text({ en: "Routing table", zh: "路由表" }),
  },
});
