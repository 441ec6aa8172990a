#!/bin/bash
# Builds the disk of the virtual hypervisor: Debian 12, its own kernel, libvirt, Open vSwitch, lldpd.
#
# Why a disk of our own and not a cloud image: the lab must run where only a Debian mirror is reachable,
# and the kernel must bring bonding, 8021q, openvswitch and br_netfilter, which the machine that runs
# the tests may lack. No loop device and no mount of the image is needed: `mke2fs -d` fills it.
#
# The result is cached outside the clone, under the hash of everything that went in. It is made in a
# temporary directory and renamed at the end, so a broken build is never mistaken for a finished one.
# Prints the directory on stdout; progress goes to stderr.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${TAPROOT_LAB_CACHE:-$HOME/.cache/taproot-lab}
mirror=${TAPROOT_LAB_MIRROR:-http://deb.debian.org/debian}
suite=bookworm
started=$(date +%s)

say() { printf '[lab build %4ds] %s\n' $(($(date +%s) - started)) "$*" >&2; }
die() { say "FAILED: $*"; exit 1; }

inputs_hash() {
  (cd "$here" && find build.sh image -type f | LC_ALL=C sort | while read -r f; do
    # Of the mode only what git keeps: two clones made under different umasks share one image.
    if [ -x "$f" ]; then echo "$f +x"; else echo "$f"; fi; cat "$f"; done) | sha256sum | cut -c1-16
}

need() {
  local missing=()
  for tool in debootstrap xz mke2fs qemu-img busybox cpio gzip ssh-keygen unshare flock; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ ${#missing[@]} -eq 0 ] || die "missing tools: ${missing[*]} (Debian: apt-get install debootstrap xz-utils e2fsprogs qemu-utils busybox-static cpio openssh-client util-linux)"
  [ "$(id -u)" = 0 ] || die "must be root: debootstrap and chroot need it"
}

in_root() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive \
    chroot "$root" "$@"
}

bootstrap() {
  say "debootstrap $suite from $mirror"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" >"$tmp/debootstrap.log" 2>&1 ||
    { tail -20 "$tmp/debootstrap.log" >&2; die "debootstrap did not finish (is $mirror reachable?)"; }
}

install_packages() {
  say "installing the hypervisor's packages"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no daemon may start inside the chroot
  chmod 755 "$root/usr/sbin/policy-rc.d"
  cp "$here"/image/apt-and-dpkg/dpkg.cfg "$root/etc/dpkg/dpkg.cfg.d/lab"
  cp "$here"/image/apt-and-dpkg/apt.conf "$root/etc/apt/apt.conf.d/90lab"
  mkdir -p "$root/etc/initramfs-tools/conf.d"
  cp "$here"/image/initramfs/conf "$root/etc/initramfs-tools/conf.d/lab"
  cp "$here"/image/initramfs/modules "$root/etc/initramfs-tools/modules"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  mount -t proc proc "$root/proc"
  mount -t sysfs sys "$root/sys"
  mount --rbind /dev "$root/dev"
  in_root apt-get update >"$tmp/apt.log" 2>&1 || { tail -5 "$tmp/apt.log" >&2; die "apt-get update"; }
  # polkitd's postinst wants the session bus of libpam-systemd to be configured first.
  in_root apt-get install -y libpam-systemd systemd-sysv dbus >>"$tmp/apt.log" 2>&1 ||
    { tail -20 "$tmp/apt.log" >&2; die "apt-get install systemd"; }
  in_root apt-get install -y $(grep -v '^#' "$here/image/packages.txt") >>"$tmp/apt.log" 2>&1 ||
    { tail -20 "$tmp/apt.log" >&2; die "apt-get install"; }
  in_root apt-get clean
  umount -R "$root/dev" "$root/sys" "$root/proc"
  rm -f "$root/usr/sbin/policy-rc.d" "$root/etc/apt/apt.conf.d/90lab"
}

configure() {
  say "configuring"
  cp -r --preserve=mode "$here/image/rootfs/." "$root/" # owned by root, whoever owns the clone
  in_root sh -eu /lab-configure
  rm "$root/lab-configure"
  # Debian's drivers that no virtual machine has: half of the image's bytes.
  local kernel
  kernel=$(ls "$root/lib/modules")
  for d in gpu media infiniband iio hwmon staging isdn usb/gadget net/wireless scsi/qla2xxx scsi/lpfc; do
    rm -rf "$root/lib/modules/$kernel/kernel/drivers/$d"
  done
  rm -rf "$root/lib/modules/$kernel/kernel/sound" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin
  in_root depmod "$kernel"
}

keys() {
  mkdir -p "$tmp/keys"
  ssh-keygen -q -t ed25519 -N '' -C taproot-lab -f "$tmp/keys/id_ed25519"
  ssh-keygen -q -t ed25519 -N '' -C hv-bond -f "$root/etc/ssh/ssh_host_ed25519_key"
  cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$tmp/keys/"
  local home
  for home in root home/noc home/plainuser; do
    mkdir -p -m 700 "$root/$home/.ssh"
    cp "$tmp/keys/id_ed25519.pub" "$root/$home/.ssh/authorized_keys"
    chmod 600 "$root/$home/.ssh/authorized_keys"
    chown -R --reference="$root/$home" "$root/$home/.ssh"
  done
}

guest_initrd() {
  say "packing the guests' initramfs"
  local g=$tmp/guest kernel m
  kernel=$(ls "$root/lib/modules")
  mkdir -p "$g"/{bin,proc,sys,dev,etc,lib,www}
  cp "$root/bin/busybox" "$g/bin/busybox"
  install -m 755 "$here/image/guest/init" "$g/init"
  install -m 755 "$here/image/guest/udhcpc.script" "$g/etc/udhcpc.script"
  # Debian's kernel has virtio as modules; modprobe would want the whole tree, so list them in order.
  for m in net/core/failover drivers/net/net_failover drivers/virtio/virtio drivers/virtio/virtio_ring \
    drivers/virtio/virtio_pci_legacy_dev drivers/virtio/virtio_pci_modern_dev drivers/virtio/virtio_pci \
    drivers/net/virtio_net; do
    cp "$root/lib/modules/$kernel/kernel/$m.ko" "$g/lib/"
  done
  mkdir -p "$root/var/lib/lab"
  (cd "$g" && find . | cpio -o -H newc --quiet --owner 0:0 | gzip -9) >"$root/var/lib/lab/guest-initrd.gz"
  # Unpacked, so that QEMU enters it through PVH: unpacking xz inside two emulations costs each guest a minute.
  local at
  at=$(LC_ALL=C grep -obUaP -m1 '\xfd7zXZ\x00' "$root/boot/vmlinuz-$kernel" | head -1 | cut -d: -f1) ||
    die "the kernel is not packed with xz"
  tail -c +$((at + 1)) "$root/boot/vmlinuz-$kernel" | xz -dc --single-stream 2>/dev/null >"$tmp/vmlinux" || true # padding follows the stream
  [ "$(head -c4 "$tmp/vmlinux" | tail -c3)" = ELF ] || die "could not unpack the kernel"
  cp "$tmp/vmlinux" "$root/var/lib/lab/vmlinux"
  rm -rf "$g"
}

pack() {
  local kernel
  kernel=$(ls "$root/lib/modules")
  cp "$root/boot/initrd.img-$kernel" "$tmp/initrd"
  say "making the disk ($(du -sm "$root" | cut -f1) MiB of files)"
  truncate -s 6G "$tmp/disk.raw"
  mke2fs -q -t ext4 -L labroot -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$tmp/disk.raw" ||
    die "mke2fs -d"
  qemu-img convert -f raw -O qcow2 "$tmp/disk.raw" "$tmp/base.qcow2"
  rm -rf "$root" "$tmp/disk.raw"
}

build() {
  tmp=$(mktemp -d "$cache/.building-XXXXXX")
  root=$tmp/root
  trap 'say "stopped in line $LINENO: $BASH_COMMAND"' ERR
  trap 'umount -R "$root/dev" "$root/sys" "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$tmp"' EXIT
  mkdir -p "$root"
  bootstrap
  install_packages
  configure
  keys
  guest_initrd
  pack
  chmod 755 "$tmp"
  mv -T "$tmp" "$out"
  trap - EXIT
  say "done: $(du -sm "$out" | cut -f1) MiB"
}

need
mkdir -p "$cache"
out=$cache/$(inputs_hash)
if [ "${1:-}" = --print ]; then echo "$out"; exit 0; fi
if [ ! -e "$out/base.qcow2" ]; then
  exec 9>"$cache/.build.lock"
  flock -n 9 || { say "another build runs; waiting for it (at most 30 min)"; flock -w 1800 9 || die "the other build did not end"; }
  if [ ! -e "$out/base.qcow2" ]; then
    rm -rf --one-file-system "$cache"/.building-* # what a killed build left; we hold the lock
    export -f say die in_root bootstrap install_packages configure keys guest_initrd pack build
    export here cache mirror suite started out
    # Namespaces of its own for mounts and processes: when we are killed, nothing of the build stays behind.
    unshare --mount --propagation private --pid --fork --kill-child bash -euEo pipefail -c build >&2 &
    child=$!
    trap 'kill -KILL $child' TERM INT HUP
    wait $child || die "see above"
  fi
fi
# An image nobody asked for in two weeks is of an older clone: with its saved states it is some 4 GB.
touch "$out/used"
find "$cache" -mindepth 2 -maxdepth 2 -name used -mtime +14 -printf '%h\0' | xargs -0 -r rm -rf --one-file-system
echo "$out"
