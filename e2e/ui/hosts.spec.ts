import { cardOf, hypervisor, info, moment } from "./samples";
import { accessible, expect, shot, test } from "./test";

const fingerprint = "SHA256:hJ2kq5mX0b1nQwErTyUiOpAsDfGhJkLzXcVbNm12345";
const known = "SHA256:OLDOLDOLD0b1nQwErTyUiOpAsDfGhJkLzXcVbNm00000";
const found = {
  kind: "found",
  hostname: "kvm-ams-07",
  os: "Debian GNU/Linux 12 (bookworm), kernel 6.1.0",
  root: false,
  counts: { nic: 3, bond: 1, bridge: 2, tap: 8, vm: 8 },
  unread: [{ probe: "ethtool", why: "needs root: sudo asks for a password" }],
};

test.beforeEach(async ({ page, logIn }) => {
  await page.clock.setFixedTime(moment + 5000);
  await logIn("admin");
});

test("an empty inventory greets, and adding a host goes by fingerprint and preview", async ({ page, site }) => {
  await site.serve([]);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "No hosts yet" })).toBeVisible();
  await accessible(page);
  await page.getByRole("main").getByRole("link", { name: "Add a host" }).click();

  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByText("Required").first()).toBeVisible();
  await shot(page, "add-errors");

  await page.getByRole("textbox", { name: "Address" }).fill("kvm-ams-07.example.net");
  await expect(page.getByRole("textbox", { name: "Short name" })).toHaveValue("kvm-ams-07");
  await page
    .getByRole("textbox", { name: "Private key" })
    .fill("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----");
  await accessible(page);
  await site.answer("host.test", {
    kind: "key",
    question: { address: "kvm-ams-07.example.net", port: 22, keyType: "ssh-ed25519", fingerprint },
  });
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByTestId("fingerprint")).toHaveText(fingerprint);
  await expect(page.getByText("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")).toBeVisible();
  await accessible(page);
  await shot(page, "add-key");

  await site.answer("host.test", found);
  await page.getByRole("button", { name: /approve/ }).click();
  await expect(page.getByText("needs root: sudo asks for a password")).toBeVisible();
  await accessible(page);
  await shot(page, "add-found");

  const snapshot = hypervisor().s.snapshot();
  await site.serve([cardOf(snapshot)], [snapshot]);
  await page.getByRole("button", { name: "Save host" }).click();
  await expect(page).toHaveURL(/\/hosts\/kvm-ams-07$/);
  const calls = await site.calls();
  expect(calls.find((c) => c.method === "host.save")?.params).toMatchObject({
    spec: { id: "kvm-ams-07", address: "kvm-ams-07.example.net", port: 22, user: "root", login: { kind: "key" } },
  });
  expect(calls.find((c) => c.method === "host.approveKey")?.params).toMatchObject({ question: { fingerprint } });
});

test("a changed key is refused loudly and never taken with a click", async ({ page, site }) => {
  await site.serve([]);
  await page.goto("/hosts/add");
  await page.getByRole("textbox", { name: "Address" }).fill("192.0.2.9");
  await page.getByRole("radio", { name: "SSH agent" }).check();
  const question = { address: "192.0.2.9", port: 22, keyType: "ssh-ed25519", fingerprint, known };
  await site.answer("host.test", { kind: "key", question });
  await page.getByRole("button", { name: "Test" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "The key of 192.0.2.9 has changed" });
  await expect(alert).toContainText(known);
  await expect(alert).toContainText(fingerprint);
  await accessible(page);
  await shot(page, "add-changed");
  await alert.getByText("The key was replaced on purpose").click();
  const replace = alert.getByRole("button", { name: "Replace the key on record" });
  await expect(replace).toBeDisabled();
  await alert.getByRole("textbox").fill("m12345");
  await expect(replace).toBeDisabled();
  expect((await site.calls()).some((c) => c.method === "host.approveKey")).toBe(false);
  await alert.getByRole("textbox").fill(fingerprint.slice(-8));
  await site.answer("host.test", { kind: "failed", reason: "login refused: no key of the agent was taken" });
  await replace.click();
  await expect(page.getByText("login refused: no key of the agent was taken")).toBeVisible();
  const calls = await site.calls();
  expect(calls.find((c) => c.method === "host.approveKey")?.params).toMatchObject({ replace: known });
  await expect(page.getByRole("textbox", { name: "Address" })).toHaveValue("192.0.2.9");
});

test("jump hosts have their own login", async ({ page, site }) => {
  await site.serve([]);
  await page.goto("/hosts/add");
  await page.getByRole("textbox", { name: "Address" }).fill("10.0.0.5");
  await page.getByRole("radio", { name: "Key file on the collector's machine" }).check();
  await page.getByRole("textbox", { name: "Path" }).fill("~/.ssh/id_ed25519");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const hops = page.getByRole("region", { name: "Jump hosts" });
  await hops.getByRole("textbox", { name: "Address" }).fill("jump.example.net");
  await shot(page, "add-jump");
  await site.answer("host.test", found);
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByRole("button", { name: "Save host" })).toBeVisible();
  expect((await site.calls()).find((c) => c.method === "host.test")?.params).toMatchObject({
    spec: { jump: [{ address: "jump.example.net", port: 22, user: "root", login: { kind: "agent" } }] },
  });
});

test("the inventory sorts, retries, and removes only after the name was typed", async ({ page, site }) => {
  const down = info("kvm-b", { state: "refused", reason: "host key changed", since: moment - 60_000 });
  const cards = [cardOf(hypervisor("kvm-a").s.snapshot()), { ...cardOf(hypervisor("kvm-b").s.snapshot()), host: down }];
  await site.serve(cards);
  await page.goto("/hosts");
  const rows = page.locator("tr[data-host]");
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Name" }).click();
  await expect(rows.first()).toHaveAttribute("data-host", "kvm-b");
  await expect(rows.first()).toContainText("host key changed");
  await accessible(page);
  await rows.first().getByRole("button", { name: "Retry now" }).click();
  await expect.poll(async () => (await site.calls()).some((c) => c.method === "host.retry")).toBe(true);
  await rows.first().getByRole("button", { name: "Remove kvm-b" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Remove", exact: true })).toBeDisabled();
  await dialog.getByRole("textbox").fill("kvm-b");
  await accessible(page);
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(dialog).toBeHidden();
  expect((await site.calls()).find((c) => c.method === "host.remove")?.params).toEqual({ host: "kvm-b" });
});

test("the demo fleet starts from the empty inventory", async ({ page, site }) => {
  await site.serve([]);
  await page.goto("/");
  await page.getByRole("button", { name: "Start the demo fleet" }).click();
  await expect.poll(async () => (await site.calls()).some((c) => c.method === "demo.start")).toBe(true);
  await site.change("fleet", {
    put: [cardOf(hypervisor("demo-01").s.snapshot({ host: { demo: true } }))],
    drop: [],
  });
  await expect(page.getByTestId("cards").getByText("DEMO", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Remove the demo fleet" }).click();
  await expect.poll(async () => (await site.calls()).some((c) => c.method === "demo.stop")).toBe(true);
});

test("a thousand hosts are bounded, and any of them is found by its name", async ({ page, site, logIn }) => {
  const base = cardOf(hypervisor().s.snapshot());
  const name = (i: number) => `kvm-${String(i).padStart(4, "0")}.example.net`;
  await site.serve(Array.from({ length: 1000 }, (_, i) => ({ ...base, host: info(name(i)) })));
  await logIn("viewer");
  await page.goto("/hosts");
  const rows = page.locator("tbody tr");
  await expect(rows).toHaveCount(200);
  await page.getByRole("textbox", { name: "Filter" }).fill("kvm-0987");
  await expect(rows).toHaveCount(1);
  await page.getByRole("textbox", { name: "Filter" }).fill("");
  await page.getByRole("button", { name: "800 more" }).click();
  await expect(rows).toHaveCount(1000);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "1,000 hosts" })).toBeVisible();
  await expect(page.getByTestId("cards").locator("> li")).toHaveCount(120);
});
