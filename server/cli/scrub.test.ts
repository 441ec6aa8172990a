import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, latin1, parseItems } from "@/lib/probes/items";
import { mask, scrubOutput, scrubText } from "./scrub";

const S = "s3cr3t-Zq9";

const secrets: readonly [string, string][] = [
  ["VNC password in libvirt XML", `<graphics type='vnc' port='5900' passwd='${S}' keymap='de'/>`],
  ["double quotes", `<graphics type="vnc" passwd="${S}"/>`],
  ["password with spaces and angle", `<graphics passwd='${S} a<b &amp; c'/>`],
  ["XML element", `<password>${S}</password>`],
  ["JSON", `{"password": "${S}", "mtu": 1500}`],
  ["JSON with an escaped quote", `{"psk":"a\\"${S}"}`],
  ["WireGuard private key", `[Interface]\nPrivateKey = ${S}abcDEF0123456789=\n`],
  ["WireGuard preshared key", `PresharedKey=${S}abc=\n`],
  ["QEMU secret", `qemu-system-x86_64\0-object\0secret,id=masterKey0,format=raw,data=${S}\0-m\x00512`],
  ["QEMU secret as JSON", `-object {"qom-type":"secret","id":"k","data":"${S}"}`],
  ["SPICE", `-spice port=5901,password=${S},seamless-migration=on`],
  ["Ceph key", `-drive file=rbd:pool/img:id=admin:key=${S}==:mon_host=10.0.0.1`],
  ["URL", `-drive file=https://bob:${S}@host/disk.img`],
  ["option with a space", `mysqld --password ${S} --port 3306`],
  ["option with a NUL", `prog\0--auth-token\0${S}\0--x`],
  ["header", `curl -H Authorization: Bearer ${S}`],
  ["cookie", `Cookie: ${S}`],
  ["SNMP", `rocommunity ${S} 10.0.0.0/8`],
  ["snmpwalk", `snmpwalk -v2c -c ${S} 10.0.0.1`],
  ["wpa", `wpa-psk ${S}`],
  ["PEM", `x\n-----BEGIN OPENSSH PRIVATE KEY-----\n${S}\nabc\n-----END OPENSSH PRIVATE KEY-----\ny`],
  ["cut PEM", `-----BEGIN RSA PRIVATE KEY-----\n${S}\nabc`],
  ["kernel command line", `root=/dev/vda token=${S} quiet`],
];

describe("scrubText", () => {
  it.each(secrets)("takes out: %s", (_name, text) => {
    const counts = new Map<string, number>();
    const out = scrubText(text, counts);
    expect(out).not.toContain(S);
    expect(out).toContain(mask);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it.each([
    `<graphics type='vnc' port='5900' autoport='yes' listen='127.0.0.1' passwdValidTo='2030-01-01T00:00:00'/>`,
    "-vnc 127.0.0.1:0,password=on",
    '[{"ifindex":2,"ifname":"nic0","flags":["UP"],"mtu":1500,"address":"52:54:00:00:00:10"}]',
    "<mac address='52:54:00:5b:00:01'/><source bridge='br0'/><target dev='vnet0'/>",
    "net.ipv4.ip_forward = 1",
    "-A FORWARD -i br0 -m comment --comment x -j ACCEPT",
    "password=",
    "bond0: (slave nic1): link status definitely down",
  ])("leaves alone: %s", (text) => {
    const counts = new Map<string, number>();
    expect(scrubText(text, counts)).toBe(text);
    expect(counts.size).toBe(0);
  });

  it("is idempotent", () => {
    for (const [, text] of secrets) {
      const once = scrubText(text, new Map());
      const counts = new Map<string, number>();
      expect(scrubText(once, counts)).toBe(once);
      expect(counts.size).toBe(0);
    }
  });

  it("stays quick on hostile text", () => {
    const started = performance.now();
    for (const piece of [
      "password",
      "rbd:",
      "a://",
      "secret,",
      "fw_cfg ",
      '"qom-type":"secret"',
      "snmpget ",
      "-----BEGIN PRIVATE KEY-----",
      "psk='\\",
    ])
      scrubText(piece.repeat(20_000), new Map());
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});

describe("scrubOutput", () => {
  it("keeps the frames of items true", () => {
    const xml = `<graphics passwd='${S}'/>`;
    const stdout = `#item 6 0 ${xml.length}\nweb-01\n${xml}\n#item 1 1 0\nx\n\n`;
    const counts = new Map<string, number>();
    const items = parseItems(scrubOutput(bytesOf(stdout), counts));
    expect(items.map((item) => [item.name, item.exit, latin1(item.bytes)])).toEqual([
      ["web-01", 0, `<graphics passwd='${mask}'/>`],
      ["x", 1, ""],
    ]);
    expect([...counts]).toEqual([["quoted password, key or token", 1]]);
  });

  it("scrubs a cut item stream as text", () => {
    const out = latin1(scrubOutput(bytesOf(`#item 6 0 999\nweb-01\n<a passwd='${S}'`), new Map()));
    expect(out).not.toContain(S);
  });

  it("returns bytes without secrets untouched, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const counts = new Map<string, number>();
        const out = scrubOutput(bytes, counts);
        if (counts.size === 0) expect(out).toEqual(bytes);
      }),
    );
  });
});
