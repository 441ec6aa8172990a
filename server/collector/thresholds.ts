import {
  allSettings,
  contradictionOf,
  fitting,
  type IgnoredSetting,
  noSetting,
  readSettings,
  type SettingValues,
  saysContradiction,
  settingKey,
  settingOf,
} from "@/lib/checks/settings";
import type { SettingChange, SettingList, SettingReset } from "@/lib/wire/settings";
import { BusProblem } from "../bus/problem";
import type { SettingRepository } from "../store/repositories/settings";
import type { Log } from "./log";

/** Thresholds lie in the store as `check.<check>.<name>`. */
const prefix = "check.";

/**
 * Thresholds that an admin has set. Only what differs from the default is kept: who never chose a value gets the better one of a later release. What lies in the store
 * and does not fit (another release, a hand in the database) is left there, told, and not used.
 */
export class Thresholds {
  #values: SettingValues = {};
  #ignored: readonly IgnoredSetting[] = [];
  /** Changes one after the other: each is kept before the next one is looked at. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: SettingRepository,
    private readonly log: Log,
  ) {}

  /** Reads the store; to be called once, before `values` is asked for. */
  async load(): Promise<void> {
    await this.#read();
    for (const { key, because } of this.#ignored) this.log("threshold-ignored", { threshold: key, reason: because });
  }

  /** By `<check>.<name>`; what is absent is at its default. */
  get values(): SettingValues {
    return this.#values;
  }

  list(): SettingList {
    return {
      settings: allSettings.map(({ check, name, setting: { unit, min, max, fraction, default: usual } }) => ({
        check,
        name,
        unit,
        min,
        max,
        fraction: fraction ?? false,
        default: usual,
        value: this.#values[settingKey(check, name)] ?? usual,
      })),
      ignored: [...this.#ignored],
    };
  }

  /** Old and new value, for the audit. */
  says({ check, name, value }: SettingChange): string {
    return this.#step(settingKey(check, name), value);
  }

  /** Same, of a way back to the defaults. */
  saysReset(which: SettingReset): string {
    const keys = "check" in which ? [settingKey(which.check, which.name)] : Object.keys(this.#values);
    const steps = keys.map((key) => this.#step(key, settingOf(key)?.setting.default));
    const dropped = "check" in which ? [] : this.#ignored.map(({ key }) => `${key}: was not used, dropped`);
    return [...steps, ...dropped].join("; ") || "all were at their defaults";
  }

  /**
   * Keeps a value. It has been checked for itself (SettingChange).
   * @throws BusProblem conflict where it contradicts another threshold of the check; says both.
   */
  put({ check, name, value }: SettingChange): Promise<void> {
    return this.#change(async () => {
      const key = settingKey(check, name);
      this.#refuseContradiction(key, value, await this.store.under(prefix));
      if (value === settingOf(key)?.setting.default) await this.store.drop(prefix + key);
      else await this.store.put(prefix + key, value);
    });
  }

  /**
   * @throws BusProblem not-found where there is no such threshold, and nothing of that name in the store; conflict where the default contradicts what
   * another threshold of the check is set to.
   */
  reset(which: SettingReset): Promise<void> {
    return this.#change(async () => {
      const kept = await this.store.under(prefix);
      if ("check" in which) {
        const key = settingKey(which.check, which.name);
        if (!settingOf(key) && !kept.has(key)) throw new BusProblem("not-found", noSetting(which.check, which.name));
        const usual = settingOf(key)?.setting.default;
        if (usual !== undefined) this.#refuseContradiction(key, usual, kept);
        await this.store.drop(prefix + key);
      } else for (const key of kept.keys()) await this.store.drop(prefix + key);
    });
  }

  /** Against all that is kept: what is not used for contradicting another one would contradict this one as well, and neither would be used. */
  #refuseContradiction(key: string, value: number, kept: ReadonlyMap<string, unknown>): void {
    const values = { ...fitting(kept).values, [key]: value };
    const pair = contradictionOf(values, new Set([key]));
    if (pair) throw new BusProblem("conflict", `${saysContradiction(pair, values)}. Change the other one first.`);
  }

  #change(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(async () => {
      await work();
      await this.#read();
    });
    // A change that failed is told to its caller, and must not hinder the next one.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #read(): Promise<void> {
    const { values, ignored } = readSettings(await this.store.under(prefix));
    this.#values = values;
    this.#ignored = ignored;
  }

  #step(key: string, to: number | undefined): string {
    const setting = settingOf(key)?.setting;
    const unit = setting?.unit ? ` ${setting.unit}` : "";
    const from = this.#values[key] ?? setting?.default;
    const name = (value: number | undefined) =>
      value === undefined ? "not used" : `${value}${unit}${value === setting?.default ? " (default)" : ""}`;
    return `${key}: ${name(from)} -> ${name(to)}`;
  }
}
