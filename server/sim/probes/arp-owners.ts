import { arpOwners } from "../print/asked";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...arpOwners(state)) });
