import { sysctl } from "../print/system";
import { definePrinter, ok } from "../printer";

export const printer = definePrinter({ print: (state) => ok(sysctl(state)) });
