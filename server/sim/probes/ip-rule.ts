import { ipRule } from "../print/ip";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: () => items(["inet", ipRule], ["inet6", "[]"]) });
