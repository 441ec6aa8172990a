import { tc } from "../print/tc";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ counts: true, print: (state, now) => items(...tc(state, now)) });
