import { procBonding } from "../print/kernel-files";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(["bonds", procBonding(state)]) });
