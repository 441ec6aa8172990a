import { z } from "zod";
import { HostSpec, type Login, type Sudo } from "@/lib/wire/rest";

const OpenLogin = z.object({ kind: z.enum(["key", "key-file", "agent", "password"]), path: z.string().optional() });
const OpenHop = z.object({ address: z.string(), port: z.number(), user: z.string(), login: OpenLogin });

/** A host as every process may see it: how to reach it and in which way to log in, without anything that opens a door. */
export const OpenSpec = z.object({
  id: z.string(),
  address: z.string(),
  port: z.number(),
  user: z.string(),
  login: OpenLogin,
  sudo: z.object({ kind: z.enum(["auto", "none", "password"]) }),
  jump: z.array(OpenHop),
});
export type OpenSpec = z.infer<typeof OpenSpec>;

const LoginSecret = z.object({
  privateKey: z.string().optional(),
  passphrase: z.string().optional(),
  password: z.string().optional(),
});
const SpecSecret = z.object({
  login: LoginSecret,
  sudo: z.object({ password: z.string().optional() }),
  jump: z.array(LoginSecret),
});
type LoginSecret = z.infer<typeof LoginSecret>;

const openLogin = (login: Login): z.infer<typeof OpenLogin> =>
  login.kind === "key-file" ? { kind: login.kind, path: login.path } : { kind: login.kind };

function secretOf(login: Login | Sudo): LoginSecret {
  return {
    ...("privateKey" in login ? { privateKey: login.privateKey } : {}),
    ...("passphrase" in login && login.passphrase !== undefined ? { passphrase: login.passphrase } : {}),
    ...("password" in login ? { password: login.password } : {}),
  };
}

/** Takes a spec apart: what may lie in the clear, and what is sealed (one JSON text a host). */
export function splitSpec(spec: HostSpec): { open: OpenSpec; secret: string } {
  const secret: z.infer<typeof SpecSecret> = {
    login: secretOf(spec.login),
    sudo: secretOf(spec.sudo),
    jump: spec.jump.map((hop) => secretOf(hop.login)),
  };
  return {
    open: {
      id: spec.id,
      address: spec.address,
      port: spec.port,
      user: spec.user,
      login: openLogin(spec.login),
      sudo: { kind: spec.sudo.kind },
      jump: spec.jump.map((hop) => ({
        address: hop.address,
        port: hop.port,
        user: hop.user,
        login: openLogin(hop.login),
      })),
    },
    secret: JSON.stringify(secret),
  };
}

/** Puts a spec together again. Throws (zod) when the two do not fit: the record then names what is missing, not its value. */
export function joinSpec(open: OpenSpec, secret: string): HostSpec {
  const sealed = SpecSecret.parse(JSON.parse(secret));
  return HostSpec.parse({
    ...open,
    login: { ...open.login, ...sealed.login },
    sudo: { ...open.sudo, ...sealed.sudo },
    jump: open.jump.map((hop, at) => ({ ...hop, login: { ...hop.login, ...sealed.jump[at] } })),
  });
}
