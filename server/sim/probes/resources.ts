import { resources } from "../print/system";
import { definePrinter, ok } from "../printer";

export const printer = definePrinter({ counts: true, print: (state, now) => ok(resources(state, now)) });
