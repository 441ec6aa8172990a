import { sysfsNet } from "../print/kernel-files";
import { definePrinter, ok } from "../printer";

export const printer = definePrinter({ print: (state) => ok(sysfsNet(state)) });
