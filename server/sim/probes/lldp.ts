import { lldp } from "../print/lldp";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(["neighbours", lldp(state)]) });
