import type { Finding } from "../checks/finding";
import { inLanguage } from "../wording";

/** The kernel logs (kernel-net-errors) that frames with our own address as source came in: something sends back what left here. */
export const logsOwnAddress = ({ params }: Finding): boolean =>
  inLanguage(params.classes ?? "", "en").includes("own address");
