"use client";

import "@/lib/text/late/accounts";
import { useState } from "react";
import { layers } from "@/lib/checks/define";
import { settingKey, settingOf } from "@/lib/checks/settings";
import { checkOf, titleOf } from "@/lib/text/findings";
import { withUnit } from "@/lib/text/thresholds";
import { visible } from "@/lib/text/visible";
import { route as changeSetting } from "@/lib/wire/routes/change-setting";
import { route as resetSetting } from "@/lib/wire/routes/reset-setting";
import { route as resetSettings } from "@/lib/wire/routes/reset-settings";
import type { SettingList, SettingRow } from "@/lib/wire/settings";
import { call, reasonOf } from "../api/client";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useText } from "../ui/language";
import { Loaded } from "../ui/loaded";
import { Notice } from "../ui/notice";
import { useUrlState } from "../ui/url-state";
import { ThresholdRow, titleOfSetting } from "./threshold-row";
import { useSettings } from "./use-settings";

/** What the checks compare with: seen by everybody, changed by an admin. */
export function ThresholdsTab() {
  const [load, reload] = useSettings();
  // What a change answers is newer than what was loaded before it; what is loaded after it is newer still.
  const [answer, setAnswer] = useState<{ readonly list: SettingList; readonly after: SettingList }>();
  return (
    <Loaded load={load} retry={reload}>
      {(loaded) => (
        <Thresholds
          list={answer?.after === loaded ? answer.list : loaded}
          onList={(list) => setAnswer({ list, after: loaded })}
        />
      )}
    </Loaded>
  );
}

const isChanged = (row: SettingRow) => row.value !== row.default;

function Thresholds({ list, onList }: { readonly list: SettingList; readonly onList: (list: SettingList) => void }) {
  const { t, language, say } = useText();
  const { can } = useMe();
  const url = useUrlState();
  const [said, setSaid] = useState("");
  const question = (url.get("q") ?? "").trim().toLowerCase();
  const changedOnly = url.get("changed") === "1";
  const changed = list.settings.filter(isChanged);
  const shown = byCheck(
    list.settings.filter((row) => (!changedOnly || isChanged(row)) && textOf(row).toLowerCase().includes(question)),
  );
  const admin = can("admin");
  /** Sends a change and takes over what came of it. Resolves with why it failed, where it did. */
  const change = async (row: SettingRow, value: number): Promise<string | undefined> => {
    setSaid("");
    try {
      const { check, name } = row;
      onList(
        value === row.default
          ? await call(resetSetting, { params: { check, name } })
          : await call(changeSetting, { body: { check, name, value } }),
      );
      setSaid(t("thresholdSaved", { what: titleOfSetting(row, say), value: withUnit(value, row.unit, language) }));
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-3xl text-muted">
        {t("thresholdsLong")} {!admin && t("thresholdsReadOnly")}
      </p>
      {list.ignored.length > 0 && <Ignored list={list} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Filter changed={changed.length} />
        {/* Always there, so that a screen reader hears what comes into it. */}
        <p role="status" className="mr-auto min-w-0 text-ok">
          {said}
        </p>
        {admin && (
          <ResetAll
            count={changed.length}
            disabled={changed.length === 0 && list.ignored.length === 0}
            onList={(all) => {
              onList(all);
              setSaid(t("thresholdsAllReset"));
            }}
          />
        )}
      </div>
      {shown.length === 0 ? (
        <p className="text-muted">{t("nothingFound")}</p>
      ) : (
        <ThresholdTable groups={shown} others={list.settings} change={admin ? change : undefined} />
      )}
    </div>
  );
}

/** What is searched for, and whether only what differs from its default is shown: both stand in the address. */
function Filter({ changed }: { readonly changed: number }) {
  const { t } = useText();
  const url = useUrlState();
  return (
    <>
      <input
        className="control max-w-64"
        aria-label={t("filter")}
        placeholder={t("filter")}
        value={url.get("q") ?? ""}
        onChange={(e) => url.set({ q: e.target.value }, true)}
      />
      <label className="flex items-center gap-1.5">
        <input
          type="checkbox"
          checked={url.get("changed") === "1"}
          onChange={(e) => url.set({ changed: e.target.checked ? "1" : undefined }, true)}
        />
        {t("thresholdChangedOnly", { count: changed })}
      </label>
    </>
  );
}

function ThresholdTable({
  groups,
  others,
  change,
}: {
  readonly groups: readonly (readonly SettingRow[])[];
  readonly others: readonly SettingRow[];
  readonly change: ((row: SettingRow, value: number) => Promise<string | undefined>) | undefined;
}) {
  const { t } = useText();
  const spoken = (text: string) => (
    <th scope="col">
      <span className="sr-only">{text}</span>
    </th>
  );
  return (
    <div className="overflow-x-auto">
      <table className="data">
        <thead>
          <tr>
            <th scope="col">{t("thresholdOfCheck")}</th>
            <th scope="col">{t("thresholdLimits")}</th>
            <th scope="col">{t("thresholdCurrent")}</th>
            <th scope="col">{t("thresholdUnit")}</th>
            {spoken(t("thresholdMark"))}
            <th scope="col">{t("thresholdDefault")}</th>
            <th scope="col">{t("thresholdRange")}</th>
            {change && spoken(t("actions"))}
          </tr>
        </thead>
        {groups.map((rows) => (
          <tbody key={rows[0]?.check} className="border-b border-line last:border-b-0">
            {rows.map((row, at) => (
              <ThresholdRow
                key={row.name}
                row={row}
                rowsOfCheck={at === 0 ? rows.length : undefined}
                others={others}
                onChange={change && ((value) => change(row, value))}
              />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function ResetAll({
  count,
  disabled,
  onList,
}: {
  readonly count: number;
  readonly disabled: boolean;
  readonly onList: (list: SettingList) => void;
}) {
  const { t } = useText();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button disabled={disabled} onClick={() => setAsking(true)}>
        {t("thresholdResetAll")}
      </Button>
      {asking && (
        <Confirm
          title={t("thresholdResetAllTitle")}
          action={t("thresholdResetAllDo")}
          onClose={() => setAsking(false)}
          onConfirm={async () => onList(await call(resetSettings, {}))}
        >
          <p>{t("thresholdResetAllLong", { count })}</p>
        </Confirm>
      )}
    </>
  );
}

/** What lies in the database and is not used: whoever looks for his value must not believe that it holds. */
function Ignored({ list }: { readonly list: SettingList }) {
  const { t } = useText();
  return (
    <Notice look="warn">
      <p>{t("thresholdsIgnored")}</p>
      <ul className="mt-1">
        {list.ignored.map(({ key, because }) => (
          <li key={key} className="break-words">
            <code>{visible(key)}</code>: {visible(because)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** What a search looks into: both languages, for a night shift types what it has read somewhere. */
function textOf({ check, name }: SettingRow): string {
  const known = checkOf(check);
  const title = settingOf(settingKey(check, name))?.setting.title;
  return [`${check}.${name}`, known?.title.en, known?.title.zh, title?.en, title?.zh].join(" ");
}

/** Rows of one check together, in the order of the layers and then of the checks' names. */
function byCheck(rows: readonly SettingRow[]): SettingRow[][] {
  const groups = new Map<string, SettingRow[]>();
  for (const row of rows) groups.set(row.check, [...(groups.get(row.check) ?? []), row]);
  const layerOf = (check: string) => {
    const layer = checkOf(check)?.layer;
    return layer === undefined ? -1 : layers.indexOf(layer);
  };
  return [...groups.values()].sort((a, b) => {
    const [x, y] = [a[0]?.check ?? "", b[0]?.check ?? ""];
    return layerOf(x) - layerOf(y) || titleOf(x, "en").localeCompare(titleOf(y, "en"));
  });
}
