import { qemuLog } from "../print/libvirt";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...qemuLog(state)) });
