import { iptables } from "../print/firewall";
import { definePrinter, items } from "../printer";

export const printer = definePrinter({
  print: () => items(["inet", iptables], ["inet6", ""], ["inet-legacy", "", 127], ["inet6-legacy", "", 127]),
});
