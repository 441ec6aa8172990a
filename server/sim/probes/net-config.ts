import { netConfig } from "../print/config";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...netConfig(state)) });
