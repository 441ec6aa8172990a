import { bridgeVlan } from "../print/bridge";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(["vlans", bridgeVlan(state)]) });
