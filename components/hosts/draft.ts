import { suggestedId } from "@/lib/wire/host-id";
import { HostSpec, type Login, type Sudo } from "@/lib/wire/rest";

/** What the form holds: everything as typed, every kind of login side by side, so that changing one's mind loses nothing. */
export interface LoginDraft {
  readonly kind: Login["kind"];
  readonly privateKey: string;
  readonly passphrase: string;
  readonly path: string;
  readonly password: string;
}

export interface HopDraft {
  readonly key: number;
  readonly address: string;
  readonly port: string;
  readonly user: string;
  readonly login: LoginDraft;
}

export interface HostDraft {
  /** undefined: made from the address until someone types one. */
  readonly id: string | undefined;
  readonly address: string;
  readonly port: string;
  readonly user: string;
  readonly login: LoginDraft;
  readonly sudo: Sudo["kind"];
  readonly sudoPassword: string;
  readonly jump: readonly HopDraft[];
}

export const emptyLogin: LoginDraft = { kind: "key", privateKey: "", passphrase: "", path: "", password: "" };

export const emptyDraft: HostDraft = {
  id: undefined,
  address: "",
  port: "22",
  user: "root",
  login: emptyLogin,
  sudo: "auto",
  sudoPassword: "",
  jump: [],
};

export type FieldErrors = ReadonlyMap<string, string>;

/** The draft as the contract wants it, or what is wrong, by path ("address", "login.privateKey", "jump.0.user"). */
export function specOf(draft: HostDraft): { readonly spec: HostSpec } | { readonly errors: FieldErrors } {
  const parsed = HostSpec.safeParse({
    id: draft.id ?? suggestedId(draft.address),
    address: draft.address,
    port: Number(draft.port),
    user: draft.user,
    login: loginOf(draft.login),
    sudo: draft.sudo === "password" ? { kind: "password", password: draft.sudoPassword } : { kind: draft.sudo },
    jump: draft.jump.map((h) => ({ address: h.address, port: Number(h.port), user: h.user, login: loginOf(h.login) })),
  });
  if (parsed.success) return { spec: parsed.data };
  const errors = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const path = issue.path.join(".");
    if (!errors.has(path)) errors.set(path, issue.message);
  }
  return { errors };
}

function loginOf(login: LoginDraft): Login {
  const passphrase = login.passphrase === "" ? {} : { passphrase: login.passphrase };
  switch (login.kind) {
    case "key":
      // Pasted keys often lose their last line end, and OpenSSH's format wants it.
      return { kind: "key", privateKey: login.privateKey === "" ? "" : `${login.privateKey.trim()}\n`, ...passphrase };
    case "key-file":
      return { kind: "key-file", path: login.path, ...passphrase };
    case "agent":
      return { kind: "agent" };
    case "password":
      return { kind: "password", password: login.password };
  }
}
