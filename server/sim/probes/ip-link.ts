import { ipLink } from "../print/ip";
import { definePrinter, ok } from "../printer";

export const printer = definePrinter({ counts: true, print: (state, now) => ok(ipLink(state, now)) });
