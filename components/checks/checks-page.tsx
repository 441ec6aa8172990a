"use client";

import "@/lib/text/late/accounts";
import Link from "next/link";
import { layers } from "@/lib/checks/define";
import { settingKey } from "@/lib/checks/settings";
import type { CheckReference } from "@/lib/checks/wording";
import { words as checks } from "@/lib/checks/words/reference";
import { layerWord } from "@/lib/text/labels";
import { withUnit } from "@/lib/text/thresholds";
import type { SettingList } from "@/lib/wire/settings";
import { useSettings } from "../settings/use-settings";
import { useText } from "../ui/language";
import { Page } from "../ui/page";
import { useUrlState } from "../ui/url-state";

const link = /^https?:\/\/\S+$/;

/** Every check that this build knows, in its own words. */
export function ChecksPage() {
  // Long: a reference page: one section of markup after the other.
  const { t, language, say } = useText();
  const url = useUrlState();
  const [load] = useSettings();
  const current = load.state === "loaded" ? load.data : undefined;
  const question = (url.get("q") ?? "").toLowerCase();
  const found = checks.filter((c) =>
    `${c.id} ${c.title.en} ${c.title.zh} ${c.explain[language]}`.toLowerCase().includes(question),
  );
  return (
    <Page
      title={
        <>
          {t("navChecks")} <span className="ml-1 font-normal text-muted">{found.length}</span>
        </>
      }
      actions={
        <input
          className="control max-w-64"
          aria-label={t("filter")}
          placeholder={t("filter")}
          value={url.get("q") ?? ""}
          onChange={(e) => url.set({ q: e.target.value }, true)}
        />
      }
    >
      <p className="mb-4 max-w-3xl text-muted">{t("checksLong")}</p>
      {layers.map((layer) => {
        const own = found.filter((c) => c.layer === layer);
        if (own.length === 0) return null;
        return (
          <section key={layer} aria-labelledby={`layer-${layer}`} className="mb-5">
            <h2 id={`layer-${layer}`} className="eyebrow mb-1">
              {say(layerWord[layer])}
            </h2>
            <div className="rounded border border-line bg-surface">
              {own.map((c) => (
                <article
                  key={c.id}
                  id={c.id}
                  className="border-b border-line px-4 py-3 last:border-0 target:bg-accent-soft"
                >
                  <h3 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
                    {say(c.title)} <code className="text-xs font-normal text-muted">{c.id}</code>
                  </h3>
                  <p className="mt-1 max-w-4xl">{say(c.explain)}</p>
                  <dl className="mt-2 grid max-w-4xl grid-cols-[max-content_minmax(0,1fr)] gap-x-3 gap-y-1">
                    <dt className="text-muted">{t("expected")}</dt>
                    <dd>
                      <Template text={say(c.expected)} />
                    </dd>
                    <dt className="text-muted">{t("mend")}</dt>
                    <dd>
                      <Template text={say(c.repair)} />
                    </dd>
                    <dt className="text-muted">{t("readsFrom")}</dt>
                    <dd className="mono">{[...c.needs, ...(c.optional ?? [])].join(", ")}</dd>
                    <Thresholds check={c} current={current} />
                    <dt className="text-muted">{t("sources")}</dt>
                    <dd className="break-words">
                      {c.sources.map((source) =>
                        link.test(source) ? (
                          <a
                            key={source}
                            href={source}
                            target="_blank"
                            rel="noreferrer"
                            className="block py-0.5 text-accent hover:underline"
                          >
                            {source}
                          </a>
                        ) : (
                          <span key={source} className="block">
                            {source}
                          </span>
                        ),
                      )}
                    </dd>
                  </dl>
                </article>
              ))}
            </div>
          </section>
        );
      })}
      {found.length === 0 && <p className="text-muted">{t("nothingFound")}</p>}
    </Page>
  );
}

/** Default and current value of what the check compares with; without the current ones (they did not load) the defaults alone. */
function Thresholds({ check, current }: { readonly check: CheckReference; readonly current: SettingList | undefined }) {
  const { t, language, say } = useText();
  const settings = Object.entries(check.settings ?? {});
  if (settings.length === 0) return null;
  const currentOf = (name: string) => current?.settings.find((s) => s.check === check.id && s.name === name)?.value;
  return (
    <>
      <dt className="text-muted">{t("thresholds")}</dt>
      <dd>
        <ul>
          {settings.map(([name, { title, default: usual, unit }]) => {
            const now = currentOf(name);
            const shown = { value: withUnit(now ?? usual, unit, language) };
            const value =
              now === undefined
                ? t("thresholdDefaultOnly", shown)
                : now === usual
                  ? t("thresholdIsDefault", shown)
                  : t("thresholdNotDefault", { ...shown, usual });
            return (
              <li key={name} data-threshold={settingKey(check.id, name)}>
                {t("pair", { name: say(title), value })}
              </li>
            );
          })}
        </ul>
        <Link
          href={`/settings?tab=thresholds&q=${encodeURIComponent(check.id)}`}
          className="inline-block py-0.5 text-accent hover:underline"
          aria-label={`${t("thresholdsOpen")}: ${say(check.title)}`}
        >
          {t("thresholdsOpen")}
        </Link>
      </dd>
    </>
  );
}

/** A sentence with places: here, where nothing has happened, a place shows what will stand in it. */
function Template({ text }: { readonly text: string }) {
  return text.split(/(\{[a-zA-Z][a-zA-Z0-9]*\})/).map((part, i) =>
    i % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a constant sentence never move.
      <var key={i} className="mono text-muted">
        {part.slice(1, -1)}
      </var>
    ) : (
      part
    ),
  );
}
