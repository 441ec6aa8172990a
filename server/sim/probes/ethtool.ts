import { ethtool } from "../print/ethtool";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ counts: true, print: (state, now) => items(...ethtool(state, now)) });
