import { gatewayPing } from "../print/asked";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({ print: (state) => items(...gatewayPing(state)) });
