import { bridgeLink } from "../print/bridge";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(["ports", bridgeLink(state)]) });
