import { identity } from "../print/identity";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state, _now, uid) => items(...identity(state, uid)) });
