/**
 * Records what the real tools print in a base, byte for byte, as fixtures for the parsers:
 *   npx tsx e2e/lab/record.ts bond          (needs a lab that runs: npm run lab -- up)
 * One file a command under e2e/captures/lab-<base>/, its standard error beside it as <file>.err when there is any,
 * and manifest.json with each command's argument line and exit status.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BaseName, baseOf, isBaseName } from "./bases";
import { guestNames, labDir } from "./config";
import { Lab } from "./lab";
import { LabError, quote } from "./run";

interface Entry {
  readonly file: string;
  readonly command: string;
  readonly status: number;
}

const qemuPid = "$(cat /run/libvirt/qemu/web-01.pid)";

/** fdinfo of a QEMU's TAP and vhost descriptors: the kernel names there the interface that the process holds. */
const tapFdsOf = (pid: string): string =>
  `for f in /proc/${pid}/fd/*; do t=$(readlink "$f"); case $t in /dev/net/tun|/dev/vhost-net) echo "== $f -> $t"; cat "$(dirname "$(dirname "$f")")/fdinfo/$(basename "$f")";; esac; done`;

/** File name and command line. What a host may lack (a stopped daemon, no lease) is recorded as the tool says it. */
const common: readonly (readonly [string, string])[] = [
  ["ip-link.json", "ip -d -s -j link show"],
  ["ip-link-ss.json", "ip -d -s -s -j link show"],
  ["ip-addr.json", "ip -j addr show"],
  ["ip-addr-d.json", "ip -d -j addr show"],
  ["ip-route-4.json", "ip -j -4 route show table all"],
  ["ip-route-6.json", "ip -j -6 route show table all"],
  ["ip-rule.json", "ip -j rule show"],
  ["ip-neigh.json", "ip -j neigh show"],
  ["ip-neigh-s.json", "ip -s -j neigh show"],
  ["bridge-link.json", "bridge -d -s -j link show"],
  ["bridge-fdb.json", "bridge -j fdb show"],
  ["bridge-fdb-s.json", "bridge -s -j fdb show"],
  ["bridge-vlan.json", "bridge -j vlan show"],
  ["bridge-mdb.json", "bridge -d -j mdb show"],
  ["proc-net-bonding-bond0.txt", "cat /proc/net/bonding/bond0"],
  ["proc-net-softnet_stat.txt", "cat /proc/net/softnet_stat"],
  ["proc-net-stat-arp_cache.txt", "cat /proc/net/stat/arp_cache"],
  ["proc-net-snmp.txt", "cat /proc/net/snmp"],
  ["proc-net-netstat.txt", "cat /proc/net/netstat"],
  ["proc-pressure.txt", "head -n 9 /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io"],
  ["proc-modules.txt", "cat /proc/modules"],
  ...["nic0", "br0", "bond0", "vnet0"].map((dev) => [`ethtool-${dev}.txt`, `ethtool ${dev}`] as const),
  ["ethtool-i-nic0.txt", "ethtool -i nic0"],
  ["ethtool-k-nic0.txt", "ethtool -k nic0"],
  ["ethtool-g-nic0.txt", "ethtool -g nic0"],
  ["ethtool-S-nic0.txt", "ethtool -S nic0"],
  ["ethtool-m-nic0.txt", "ethtool -m nic0"],
  ["ethtool-i-vnet0.txt", "ethtool -i vnet0"],
  ["ethtool-k-vnet0.txt", "ethtool -k vnet0"],
  ["virsh-version.txt", "virsh version"],
  ["virsh-list-all.txt", "virsh list --all"],
  ["virsh-list-uuid-name.txt", "virsh list --all --uuid --name"],
  ["virsh-dumpxml-web-01.xml", "virsh dumpxml web-01"],
  ["virsh-dumpxml-web-02.xml", "virsh dumpxml web-02"],
  ["virsh-dumpxml-inactive-web-01.xml", "virsh dumpxml --inactive web-01"],
  ["virsh-domstate-web-01.txt", "virsh domstate --reason web-01"],
  ["virsh-dominfo-web-01.txt", "virsh dominfo web-01"],
  ["virsh-domstats.txt", "virsh domstats --state --interface --vcpu"],
  ["virsh-domiflist-web-01.txt", "virsh domiflist web-01"],
  ["virsh-domif-getlink-web-01.txt", "virsh domif-getlink web-01 vnet0"],
  ["virsh-net-list-all.txt", "virsh net-list --all"],
  ["virsh-net-dumpxml-default.xml", "virsh net-dumpxml default"],
  ["virsh-net-info-default.txt", "virsh net-info default"],
  ["virsh-net-dhcp-leases-default.txt", "virsh net-dhcp-leases default"],
  ["virsh-domifaddr-arp-web-01.txt", "virsh domifaddr web-01 --source arp"],
  ["virsh-domifaddr-lease-web-01.txt", "virsh domifaddr web-01 --source lease"],
  ["virsh-domifaddr-agent-web-01.txt", "virsh domifaddr web-01 --source agent"],
  ["virsh-nwfilter-list.txt", "virsh nwfilter-list"],
  ["libvirt-dnsmasq-default.conf", "cat /var/lib/libvirt/dnsmasq/default.conf"],
  ["lldpcli-json0.json", "lldpcli -f json0 show neighbors details"],
  ["lldpcli.json", "lldpcli -f json show neighbors"],
  ["lldpcli-details.json", "lldpcli -f json show neighbors details"],
  ["ps-qemu.txt", `ps -o pid,ppid,user,lstart,args -ww -p ${qemuPid}`],
  ["proc-qemu-cmdline.bin", `cat /proc/${qemuPid}/cmdline`],
  ["proc-qemu-fdinfo.txt", tapFdsOf(qemuPid)],
  ["libvirt-qemu-web-01.log", "cat /var/log/libvirt/qemu/web-01.log"],
  ["ovs-vsctl-bridge.json", "ovs-vsctl --timeout=3 --format=json list Bridge"],
  ["ovs-vsctl-port.json", "ovs-vsctl --timeout=3 --format=json list Port"],
  ["ovs-vsctl-interface.json", "ovs-vsctl --timeout=3 --format=json list Interface"],
  ["nft-ruleset.json", "nft -j list ruleset"],
  ["nft-ruleset.txt", "nft list ruleset"],
  ["iptables-save.txt", "iptables-save -c"],
  ["ip6tables-save.txt", "ip6tables-save -c"],
  ["ebtables-save.txt", "ebtables-save"],
  ["tc-qdisc.json", "tc -s -j qdisc show"],
  ["tc-filter-nic0.json", "tc -s -j filter show dev nic0 ingress"],
  [
    "sysctl.txt",
    "sysctl net.ipv4.ip_forward net.ipv4.icmp_echo_ignore_all net.ipv4.neigh.default net.bridge net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max net.core.netdev_max_backlog net.core.netdev_budget net.core.netdev_budget_usecs; sysctl -a -r 'net\\.ipv4\\.conf\\.[^.]*\\.(rp_filter|arp_ignore|arp_announce|arp_filter|proxy_arp|forwarding|accept_local|log_martians)$'; sysctl -a -r 'net\\.ipv6\\.conf\\.[^.]*\\.(forwarding|disable_ipv6)$'",
  ],
  [
    "systemctl-show.txt",
    "systemctl show -p Id,LoadState,ActiveState,SubState,Result,UnitFileState,ExecMainStatus,ActiveEnterTimestamp,NRestarts libvirtd.service libvirtd.socket virtqemud.service virtqemud.socket virtnetworkd.service dnsmasq.service NetworkManager.service systemd-networkd.service networking.service openvswitch-switch.service ovs-vswitchd.service ovsdb-server.service lldpd.service chrony.service ssh.service nftables.service firewalld.service ufw.service",
  ],
  ["systemctl-failed.txt", "systemctl --failed --no-legend --plain"],
  ["timedatectl-show.txt", "timedatectl show"],
  ["networkctl.txt", "networkctl --no-legend list"],
  ["nmcli.txt", "nmcli -t -f DEVICE,STATE,CONNECTION device"],
  ["etc-network-interfaces.txt", "cat /etc/network/interfaces"],
  ["dmesg-iso.txt", "dmesg --time-format iso"],
  ["journalctl-k-short-iso.txt", "journalctl -k -o short-iso --no-pager"],
  ["journalctl-k.jsonl", "journalctl -k -o json --no-pager -n 60"],
  [
    "sys-class-net.txt",
    'cd /sys/class/net; for i in *; do echo "$i carrier=$(cat $i/carrier 2>&1) carrier_up=$(cat $i/carrier_up_count) carrier_down=$(cat $i/carrier_down_count) speed=$(cat $i/speed 2>&1) duplex=$(cat $i/duplex 2>&1) assign=$(cat $i/addr_assign_type) driver=$(basename "$(readlink $i/device/driver)") path=$(readlink $i)"; done',
  ],
  ["lspci-net.txt", "lspci -Dnnk -d ::02xx 2>/dev/null || lspci -Dnnk"],
  [
    "kvm.txt",
    "ls -l /dev/kvm /dev/net/tun /dev/vhost-net; grep -c -E ' (vmx|svm)( |$)' /proc/cpuinfo; systemd-detect-virt",
  ],
  ["dmi.txt", "head /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name"],
];

const extra: Partial<Record<BaseName, readonly (readonly [string, string])[]>> = {
  vlan: [
    ["proc-net-vlan-config.txt", "cat /proc/net/vlan/config"],
    ["bridge-vlan-d.json", "bridge -d -j vlan show"],
    ["ethtool-bond0.30.txt", "ethtool bond0.30"],
  ],
  ovs: [
    ["ovs-vsctl-show.txt", "ovs-vsctl --timeout=3 show"],
    ["ovs-vsctl-open.json", "ovs-vsctl --timeout=3 --format=json list Open_vSwitch"],
    ["ovs-vsctl-controller.json", "ovs-vsctl --timeout=3 --format=json list Controller"],
    ["ovs-appctl-bond-show.txt", "ovs-appctl -T 3 bond/show"],
    ["ovs-appctl-lacp-show.txt", "ovs-appctl -T 3 lacp/show"],
    ["ovs-appctl-fdb-show.txt", "ovs-appctl -T 3 fdb/show ovsbr0"],
    ["ovs-appctl-stp-show.txt", "ovs-appctl -T 3 stp/show ovsbr0"],
    ["ovs-appctl-dpif-show.txt", "ovs-appctl -T 3 dpif/show"],
    ["ovs-ofctl-show.txt", "ovs-ofctl -t 3 show ovsbr0"],
    ["ovs-ofctl-dump-flows.txt", "ovs-ofctl -t 3 dump-flows ovsbr0"],
    ["ovs-dpctl-dump-flows.txt", "ovs-appctl -T 3 dpctl/dump-flows -m"],
    [
      "ovs-ofproto-trace.txt",
      "ovs-appctl -T 3 ofproto/trace ovsbr0 in_port=vnet2,dl_src=52:54:00:5b:00:01,dl_dst=ff:ff:ff:ff:ff:ff,arp",
    ],
  ],
  nat: [
    ["libvirt-dnsmasq-virbr0.status", "cat /var/lib/libvirt/dnsmasq/virbr0.status"],
    ["ss-udp.txt", "ss -ulnp"],
    ["conntrack.txt", "conntrack -L"],
  ],
  plain: [
    [
      "ps-all-qemu.txt",
      "ps -C qemu-system-x86_64,qemu-system-x86 -o pid,ppid,user,lstart,args -ww || ps axww -o pid,ppid,user,lstart,args | grep '[q]emu-system'",
    ],
    ["proc-plain-fdinfo.txt", tapFdsOf("$(cat /run/web-01.pid)")],
    ["proc-plain-cmdline.bin", "cat /proc/$(cat /run/web-01.pid)/cmdline"],
    ["etc-qemu-ifup.txt", "ls -l /etc/qemu-ifup /etc/qemu-ifdown; cat /etc/qemu-ifup"],
  ],
};

/** Runs a command and gives its exact bytes: they travel in base64, which no shell and no decoder touches. */
async function bytesOf(lab: Lab, command: string): Promise<{ out: Buffer; err: Buffer; status: number }> {
  const script = `d=$(mktemp -d); bash -c ${quote(command)} >$d/out 2>$d/err; s=$?; base64 -w0 $d/out; echo; base64 -w0 $d/err; echo; echo $s; rm -r $d`;
  const [out = "", err = "", status = "255"] = (await lab.hv(script, 60_000)).split("\n");
  return { out: Buffer.from(out, "base64"), err: Buffer.from(err, "base64"), status: Number(status) };
}

async function record(lab: Lab, dir: string, list: readonly (readonly [string, string])[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const [file, command] of list) {
    const { out, err, status } = await bytesOf(lab, command);
    await writeFile(join(dir, file), out);
    if (err.length > 0) await writeFile(join(dir, `${file}.err`), err);
    entries.push({ file, command, status });
  }
  return entries;
}

const streams: readonly (readonly [string, string])[] = [
  ["stream-ip-monitor.txt", "ip -o -ts monitor link address neigh route"],
  ["stream-ip-monitor-tshort.txt", "ip -o -tshort monitor link address neigh route"],
  ["stream-ip-monitor-all.txt", "ip -o -ts monitor all"],
  ["stream-bridge-monitor.txt", "bridge monitor"],
  ["stream-virsh-event.txt", "virsh event --all --loop --timestamp"],
  ["stream-kmsg-journal.txt", "journalctl -k -f -n 0 -o short-iso"],
];

/** What happens while the streams run; the times go into the manifest's story. */
const story: readonly (readonly [string, (lab: Lab) => Promise<unknown>])[] = [
  ["pull the cable of nic0 (the active one)", (lab) => lab.setLink("nic0", false)],
  ["plug it in again", (lab) => lab.setLink("nic0", true)],
  ["take vnet0 off br0", (lab) => lab.hv("ip link set vnet0 nomaster")],
  ["put vnet0 on br0", (lab) => lab.hv("ip link set vnet0 master br0")],
  ["set vnet1 down, then up", (lab) => lab.hv("ip link set vnet1 down; sleep 1; ip link set vnet1 up")],
  [
    "add and remove an address and a route",
    (lab) =>
      lab.hv(
        "ip addr add 10.99.0.1/24 dev br0; ip route add 10.98.0.0/24 via 10.20.0.1; sleep 1; ip route del 10.98.0.0/24; ip addr del 10.99.0.1/24 dev br0",
      ),
  ],
  [
    "add a dummy link, rename it, remove it",
    (lab) => lab.hv("ip link add d0 type dummy; ip link set d0 name d1; ip link del d1"),
  ],
  [
    "flush neighbours, ping the gateway and an address nobody has",
    (lab) => lab.hv("ip neigh flush dev br0; ping -c 1 -W 1 10.20.0.1; ping -c 1 -W 3 10.20.0.99; true"),
  ],
  [
    "pull web-01's virtual cable, then plug it in",
    (lab) => lab.hv("virsh domif-setlink web-01 vnet0 down; sleep 1; virsh domif-setlink web-01 vnet0 up"),
  ],
  ["suspend and resume web-02", (lab) => lab.hv("virsh suspend web-02; sleep 1; virsh resume web-02")],
  [
    "hot-plug and unplug a second NIC of web-02",
    (lab) =>
      lab.hv(
        "virsh attach-interface web-02 bridge br0 --mac 52:54:00:5b:00:99 --model virtio; sleep 2; virsh detach-interface web-02 bridge --mac 52:54:00:5b:00:99; sleep 3",
      ),
  ],
  ["destroy web-02", (lab) => lab.hv("virsh destroy web-02; sleep 2")],
  ["start web-02", (lab) => lab.hv("virsh start web-02; sleep 2")],
];

async function recordStreams(lab: Lab, dir: string): Promise<{ entries: Entry[]; told: string[] }> {
  await lab.hv("mkdir -p /run/streams; rm -f /run/streams/*");
  for (const [file, command] of streams) {
    await lab.hv(
      `systemd-run -q --unit=lab-${file.replace(/\..*/, "")} -p StandardOutput=file:/run/streams/${file} -p StandardError=file:/run/streams/${file}.err /bin/sh -c ${quote(`exec ${command}`)}`,
    );
  }
  await lab.hv("sleep 3");
  const told: string[] = [];
  for (const [what, act] of story) {
    told.push(`${(await lab.hv("date +%Y-%m-%dT%H:%M:%S.%6N")).trim()} ${what}`);
    await act(lab);
    await lab.hv("sleep 3");
  }
  await lab.hv("systemctl stop 'lab-stream-*'");
  const list = streams.map(([file, command]) => ({ file, command, status: 0 }));
  for (const { file } of list) {
    const { out } = await bytesOf(lab, `cat /run/streams/${file}`);
    await writeFile(join(dir, file), out);
  }
  return { entries: list, told };
}

async function versions(lab: Lab): Promise<string> {
  const script =
    "uname -r; ip -V; ethtool --version; virsh --version; qemu-system-x86_64 --version | head -1; lldpcli -v | head -1; ovs-vsctl --version | head -1; nft --version; iptables --version; systemctl --version | head -1";
  return (await lab.hv(script)).trim().split("\n").join("; ");
}

async function main(base: BaseName): Promise<void> {
  const dir = join(labDir, "..", "captures", `lab-${base}`);
  const lab = await Lab.attach();
  try {
    await lab.restore(base);
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    for (const name of guestNames) await lab.guestAnswers(name);
    await lab.hv("ping -c 1 10.20.0.1; ping -c 1 10.20.0.11; sleep 3; true");
    const entries = await record(lab, dir, [...common, ...(extra[base] ?? [])]);
    const { entries: streamed, told } = base === "bond" ? await recordStreams(lab, dir) : { entries: [], told: [] };
    await writeFile(join(dir, "manifest.json"), `${JSON.stringify([...entries, ...streamed], null, 1)}\n`);
    await writeFile(
      join(dir, "README.md"),
      [
        `# Captures of the lab's base \`${base}\``,
        "",
        `Exact output of the real tools in the virtual hypervisor (${baseOf(base).about}), recorded by`,
        "`e2e/lab/record.ts`; `manifest.json` has each file's command and exit status, `<file>.err` its standard error.",
        "",
        `Versions: ${await versions(lab)}.`,
        ...(told.length > 0
          ? ["", "The `stream-*` files were recorded while this happened:", "", ...told.map((line) => `- ${line}`)]
          : []),
        "",
      ].join("\n"),
    );
    await lab.restore(base);
  } finally {
    lab.release();
  }
}

const [wanted = "bond"] = process.argv.slice(2);
if (!isBaseName(wanted)) throw new LabError(`no base ${wanted}`);
main(wanted).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
