import { ipAddr } from "../print/ip";
import { definePrinter, ok } from "../printer";

export const printer = definePrinter({ print: (state) => ok(ipAddr(state)) });
