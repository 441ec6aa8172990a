import { ipNeigh } from "../print/ip";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(["inet", ipNeigh(state)], ["inet6", "[]"]) });
