import { kernelLog } from "../print/system";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...kernelLog(state)) });
