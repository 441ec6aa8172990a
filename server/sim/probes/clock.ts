import { clock } from "../print/identity";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ counts: true, print: (state, now) => items(...clock(state, now)) });
