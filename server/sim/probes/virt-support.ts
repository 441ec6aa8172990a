import { virtSupport } from "../print/system";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: () => items(...virtSupport()) });
