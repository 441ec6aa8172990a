import { bridgeFdb } from "../print/bridge";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(["fdb", bridgeFdb(state)]) });
