import { qemuProc } from "../print/identity";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...qemuProc(state)) });
