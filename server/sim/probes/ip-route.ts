import { routes } from "../print/ip";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({
  print: (state) => items(["inet", JSON.stringify(routes(state, true))], ["inet6", "[]"]),
});
