import { definePrinter, items } from "../printer";

export const printer = definePrinter({
  print: () => items(["names", "[]"], ["links", ""], ["addresses", ""], ["unnamed", ""]),
});
