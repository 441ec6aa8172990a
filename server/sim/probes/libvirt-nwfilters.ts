import { nwfilters } from "../print/nwfilters";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: () => items(...nwfilters()) });
