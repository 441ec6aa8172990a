import type { CheckExamples } from "../define";
import { healthyClock, logLine, withHost } from "../host-examples";
import { bondHost, factsOf, unread, uuidOf } from "../testing";

export const examples: CheckExamples = {
  bad: [
    {
      name: "AppArmor: a guest's profile",
      expect: "warn",
      facts: logged(
        `audit: type=1400 audit(1767607920.123:45): apparmor="DENIED" operation="open" class="file" profile="libvirt-${uuidOf(1)}" name="/srv/images/web-01.qcow2" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r" fsuid=64055 ouid=0`,
      ),
      subject: "vm/web-01",
    },
    {
      name: "SELinux: a guest's process",
      expect: "warn",
      facts: logged(
        'audit: type=1400 audit(1767607920.123:46): avc:  denied  { read } for  pid=871 comm="qemu-kvm" name="web-01.qcow2" dev="dm-0" ino=12 scontext=system_u:system_r:svirt_t:s0:c1,c2 tcontext=unconfined_u:object_r:user_home_t:s0 tclass=file permissive=0',
      ),
      subject: "host/self",
    },
    {
      name: "in the audit log, a minute ago",
      expect: "warn",
      facts: { ...withHost(bondHost()), ...factsOf({ "security-log": [denied(939)] }) },
      subject: "vm/web-02",
    },
    {
      name: "AppArmor: libvirt itself",
      expect: "warn",
      facts: logged(
        'audit: type=1400 audit(1767607920.123:47): apparmor="DENIED" operation="exec" profile="libvirtd" name="/etc/libvirt/hooks/qemu" pid=540 comm="libvirtd" requested_mask="x" denied_mask="x" fsuid=0 ouid=0',
      ),
      subject: "host/self",
    },
  ],
  good: [
    {
      name: "in the audit log, yesterday",
      expect: "pass",
      facts: { ...withHost(bondHost()), ...factsOf({ "security-log": [denied(999 - 86_400)] }) },
      subject: "host/self",
    },
    {
      name: "what every start of a guest leaves on a healthy host",
      expect: "pass",
      facts: logged(
        `audit: type=1400 audit(1767607920.123:53): apparmor="DENIED" operation="capable" class="cap" profile="libvirtd" pid=540 comm="rpc-libvirtd" capability=39  capname="bpf"`,
        `audit: type=1400 audit(1767607920.123:54): apparmor="DENIED" operation="capable" class="cap" profile="libvirtd" pid=540 comm="rpc-libvirtd" capability=38  capname="perfmon"`,
        `audit: type=1400 audit(1767607920.123:55): apparmor="DENIED" operation="open" class="file" profile="libvirt-${uuidOf(1)}" name="/etc/gss/mech.d/" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r" fsuid=64055 ouid=0`,
        `audit: type=1400 audit(1767607920.123:56): apparmor="DENIED" operation="open" class="file" profile="libvirt-${uuidOf(1)}" name="/proc/540/cmdline" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r" fsuid=64055 ouid=0`,
      ),
      subject: "host/self",
    },
    { name: "nothing denied", expect: "pass", facts: withHost(bondHost()), subject: "host/self" },
    {
      name: "another program, and profiles being loaded",
      expect: "pass",
      facts: logged(
        'audit: type=1400 audit(1767607920.123:48): apparmor="DENIED" operation="open" profile="/usr/sbin/cups-browsed" name="/etc/x" pid=9 comm="cups-browsed" requested_mask="r" denied_mask="r"',
        `audit: type=1400 audit(1767607920.123:49): apparmor="STATUS" operation="profile_load" profile="unconfined" name="libvirt-${uuidOf(1)}" pid=540 comm="apparmor_parser"`,
      ),
      subject: "host/self",
    },
    {
      name: "only logged: complain and permissive mode",
      expect: "pass",
      facts: logged(
        'audit: type=1400 audit(1767607920.123:50): apparmor="ALLOWED" operation="open" profile="libvirtd" name="/etc/x" pid=540 comm="libvirtd" requested_mask="r" denied_mask="r"',
        'audit: type=1400 audit(1767607920.123:51): avc:  denied  { read } for  pid=871 comm="qemu-kvm" name="x" scontext=system_u:system_r:svirt_t:s0 tcontext=system_u:object_r:etc_t:s0 tclass=file permissive=1',
      ),
      subject: "host/self",
    },
    {
      name: "another guest's",
      expect: "not-applicable",
      facts: logged(
        `audit: type=1400 audit(1767607920.123:52): apparmor="DENIED" operation="open" profile="libvirt-${uuidOf(1)}" name="/x" pid=871 comm="qemu-system-x86" requested_mask="r" denied_mask="r"`,
      ),
      subject: "vm/web-02",
    },
  ],
  unknown: [
    {
      name: "the log may not be read",
      expect: "unknown",
      facts: unread(withHost(bondHost()), "kernel-log", "refused", ""),
      subject: "host/self",
    },
  ],
};

function logged(...texts: readonly string[]) {
  return {
    ...withHost(bondHost()),
    ...factsOf({ "kernel-log": texts.map((text, at) => logLine(healthyClock.uptimeSeconds - 300 + at, text, 5)) }),
  };
}

function denied(time: number) {
  return {
    time,
    text: `type=AVC msg=audit(${time}.123:456): apparmor="DENIED" operation="open" profile="libvirt-${uuidOf(2)}" name="/srv/x.img" comm="qemu-system-x86"`,
  };
}
