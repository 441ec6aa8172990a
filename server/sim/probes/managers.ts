import { managers } from "../print/config";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...managers(state)) });
