import clsx from "clsx";
import { visible } from "@/lib/text/visible";

/** Text that came from a host: invisible characters shown, one line, cut with an ellipsis, whole in the title; its direction never leaks out. */
export function HostText({
  text,
  mono,
  className,
}: {
  readonly text: string;
  readonly mono?: boolean;
  readonly className?: string;
}) {
  const shown = visible(text);
  return (
    <bdi title={shown} className={clsx("min-w-0 truncate", mono && "mono", className)}>
      {shown}
    </bdi>
  );
}
