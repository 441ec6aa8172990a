import { bridgeMdb } from "../print/bridge";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(["mdb", bridgeMdb(state)]) });
