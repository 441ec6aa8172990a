import { pciNet } from "../print/system";
import { definePrinter, ok } from "../printer";

export const printer = definePrinter({ print: (state) => ok(pciNet(state)) });
