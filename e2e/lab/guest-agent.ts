/**
 * A guest that tells its addresses by the QEMU guest agent's protocol. The guests have no room for the real qemu-ga, so its far end is a shell script
 * that answers the two questions asked here from what the guest's own kernel says. The channel, QEMU, libvirt and `virsh domifaddr --source agent` are the real ones.
 */
import { type GuestName, guests } from "./config";
import type { Lab } from "./lab";
import { quote } from "./run";

/** libvirt asks guest-sync, then guest-network-get-interfaces; whatever else gets the error that qemu-ga has for it (QEMU's manual, "QEMU Guest Agent Protocol Reference"). */
const responder = `#!/bin/busybox sh
export PATH=/bin
insmod /lib/virtio_console.ko
port=
while [ -z "$port" ]; do for p in /dev/vport*p1; do [ -e "$p" ] && port=$p; done; [ -n "$port" ] || sleep 1; done
exec 3<>"$port"
# A process costs a guest that is emulated twice a second or more: two do.
interfaces() {
  ip -o addr | {
    said= last=
    while read -r index dev family place rest; do
      case $family in inet) type=ipv4 ;; inet6) type=ipv6 ;; *) continue ;; esac
      comma=,
      if [ "$dev" != "$last" ]; then
        read -r mac <"/sys/class/net/$dev/address"
        said="$said\${last:+]\\},}{\\"name\\":\\"$dev\\",\\"hardware-address\\":\\"$mac\\",\\"ip-addresses\\":["
        last=$dev comma=
      fi
      said="$said$comma{\\"ip-address-type\\":\\"$type\\",\\"ip-address\\":\\"\${place%/*}\\",\\"prefix\\":\${place#*/}}"
    done
    printf '{"return":[%s]}\\n' "$said\${last:+]\\}}"
  }
}
while :; do
  IFS= read -r ask <&3 || { sleep 1; continue; }
  case $ask in
    *guest-sync*) id=\${ask##*'"id":'}; printf '{"return":%s}\\n' "\${id%%\\}*}" >&3 ;;
    *guest-network-get-interfaces*) interfaces >&3 ;;
    *) printf '{"error":{"class":"CommandNotFound","desc":"The command has not been found"}}\\n' >&3 ;;
  esac
done
`;

const channel = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>";

/**
 * Starts the guest anew with an agent's channel and `nics` (libvirt's XML) beside its own, as somebody does who edits it and turns it off and on; takes about a minute.
 * libvirt plugs no virtio-serial controller into a running guest. Its own TAP gets its VLAN back, which libvirt does not keep.
 */
export async function restartWithAgent(lab: Lab, name: GuestName, gateway: string, vid: number, nics: string) {
  const address = lab.addressOf(name);
  const driver = "/lib/modules/$(uname -r)/kernel/drivers/char/virtio_console.ko";
  await lab.hv(
    `set -eu
mkdir -p /run/lab-agent/lib /run/lab-agent/bin && cp ${driver} /run/lab-agent/lib/
printf %s ${quote(responder)} >/run/lab-agent/bin/lab-qga && chmod 755 /run/lab-agent/bin/lab-qga
(cat /var/lib/lab/guest-initrd.gz; cd /run/lab-agent && find lib/* bin/* | cpio -o -H newc --quiet --owner 0:0 | gzip) >/var/lib/lab/agent-initrd.gz
sed -e 's#guest-initrd.gz#agent-initrd.gz#' -e 's#lab.ip=[^ ]* lab.gw=[0-9.]*#lab.ip=${address}/24 lab.gw=${gateway}#' \\
  -e ${quote(`s#<serial type=#${nics}${channel}<serial type=#`)} /var/lib/lab/${name}.xml >/run/lab-agent/${name}.xml
virsh -q destroy ${name}; virsh -q define /run/lab-agent/${name}.xml; virsh -q start ${name}
tap=$(virsh domiflist ${name} | awk '/${guests[name].mac}/ { print $1 }')
bridge vlan del dev $tap vid 1; bridge vlan add dev $tap vid ${vid} pvid untagged`,
    60_000,
  );
  await lab.guestAnswers(name, 240_000);
  await lab.guest(name, "/bin/lab-qga >/dev/null 2>&1 &", 60_000);
  await lab.waitHv(
    "the guest's agent answers",
    `virsh -q domifaddr ${name} --source agent | grep -q ${address}`,
    60_000,
  );
}
