"use client";

import "@/lib/text/late/inventory";
import { outcomeWord } from "@/lib/facts/outcomes";
import { visible } from "@/lib/text/visible";
import type { ProbeReport } from "@/lib/wire/model";
import { Dialog } from "../ui/dialog";
import { useText } from "../ui/language";
import { StatusMark } from "../ui/status-mark";
import { Ago } from "../ui/time";

/** What was read from the host, how long it took, and what could not be read and why. */
export function ProbesDialog({
  probes,
  onClose,
}: {
  readonly probes: readonly ProbeReport[];
  readonly onClose: () => void;
}) {
  const { t, say } = useText();
  const bad = (p: ProbeReport) => (p.outcome === "ok" ? 2 : p.outcome === "absent" ? 1 : 0);
  const sorted = [...probes].sort((a, b) => bad(a) - bad(b) || (a.id < b.id ? -1 : 1));
  return (
    <Dialog title={t("probes")} onClose={onClose} wide>
      {sorted.length === 0 && <p className="text-muted">{t("notReadYet")}</p>}
      {sorted.length > 0 && (
        <table className="data">
          <thead>
            <tr>
              <th scope="col">{t("probe")}</th>
              <th scope="col">{t("outcome")}</th>
              <th scope="col" className="text-right">
                ms
              </th>
              <th scope="col" className="text-right">
                {t("bytes")}
              </th>
              <th scope="col">{t("readAt")}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((p) => (
              <tr key={p.id} data-probe={p.id} data-outcome={p.outcome}>
                <td className="mono whitespace-nowrap">{visible(p.id)}</td>
                <td>
                  <span className="flex items-center gap-1.5">
                    <StatusMark status={p.outcome === "ok" ? "ok" : p.outcome === "absent" ? "unknown" : "warn"} />
                    {say(outcomeWord[p.outcome])}
                  </span>
                  {p.detail && <span className="block text-xs break-words text-muted">{visible(p.detail)}</span>}
                </td>
                <td className="mono text-right">{Math.round(p.ms)}</td>
                <td className="mono text-right">{p.bytes}</td>
                <td className="whitespace-nowrap text-muted">
                  <Ago at={p.at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}
