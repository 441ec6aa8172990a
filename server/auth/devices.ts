import { randomBytes } from "node:crypto";
import type { LoginRepository } from "../store/repositories/login";
import { macFits, macOf } from "../store/secrets";

/** Devices that are remembered for one account; the longest unseen goes first. A stolen password makes no endless store of them. */
const mostDevices = 20;

/**
 * Browsers from which an account has logged in. Their attempts are counted apart from those of strangers, so that nobody who guesses elsewhere locks the
 * owner out. The cookie is an id with its mark over id and account: nobody makes one up, and one of another account is worth nothing. It opens nothing.
 */
export class Devices {
  /** @param key of this purpose alone. */
  constructor(
    private readonly store: LoginRepository,
    private readonly key: Buffer,
    private readonly now: () => number,
  ) {}

  /** The id of a device that has logged in to this account; null for any other cookie. */
  async known(cookie: string | undefined, account: string): Promise<string | null> {
    const [, id = "", mark = ""] = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/.exec(cookie ?? "") ?? [];
    if (id === "" || !macFits(this.key, [id, account], mark)) return null;
    return (await this.store.isDevice(id, account)) ? id : null;
  }

  /** Remembers the device that has just logged in; the value of its cookie. */
  async seen(known: string | null, account: string): Promise<string> {
    const id = known ?? randomBytes(16).toString("base64url");
    await this.store.keepDevice(id, account, this.now(), mostDevices);
    return `${id}.${macOf(this.key, [id, account])}`;
  }

  /** Forgets all devices of an account, except one where given: whoever had got hold of it may have logged in. */
  forget(account: string, except?: string | null): Promise<void> {
    return this.store.dropDevices(account.toLowerCase(), except ?? undefined);
  }
}
