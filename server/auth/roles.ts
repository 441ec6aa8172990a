import { Role } from "@/lib/wire/rest";

const rank: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Whether someone of role `has` may do what asks for role `needs`. */
export const allows = (has: Role, needs: Role): boolean => rank[has] >= rank[needs];

/** The weaker of two roles: a token never gives more than its owner has at the moment of use. */
export const weaker = (a: Role, b: Role): Role => (rank[a] <= rank[b] ? a : b);

/** A role as it stands in the database; anything else (a row from a newer version, a typing error by hand) is the weakest. */
export function roleOf(value: unknown): Role {
  const parsed = Role.safeParse(value);
  return parsed.success ? parsed.data : "viewer";
}
