import { notInstalled } from "../printer";

export const printer = notInstalled("its bridges are the kernel's");
