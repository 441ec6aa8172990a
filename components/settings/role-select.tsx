"use client";

import { Role } from "@/lib/wire/rest";
import { useText } from "../ui/language";

/** A role, at most `most`: nobody hands out more than he has. */
export function RoleSelect({
  control,
  role,
  most = "admin",
  onChange,
  disabled,
}: {
  readonly control: { readonly id?: string; readonly "aria-label"?: string };
  readonly role: Role;
  readonly most?: Role;
  readonly onChange: (role: Role) => void;
  readonly disabled?: boolean;
}) {
  const { t } = useText();
  const roles = Role.options;
  return (
    <select
      {...control}
      className="control"
      value={role}
      disabled={disabled}
      onChange={(e) => {
        const chosen = Role.safeParse(e.target.value);
        if (chosen.success) onChange(chosen.data);
      }}
    >
      {roles.slice(0, roles.indexOf(most) + 1).map((r) => (
        <option key={r} value={r}>
          {t(`role_${r}`)}
        </option>
      ))}
    </select>
  );
}
