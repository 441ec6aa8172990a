#!/bin/bash
# Boots systemd as the first process of a machine made of namespaces: boot.sh ROOT STATE BOOT_ID
#
# ROOT is a root file system of build.sh and is only read. STATE holds what the machine has written (an overlay), which outlives a boot; /run and the boot
# id do not. Never returns: this process becomes the parent of the machine, and the machine dies with it. To be run by machine.ts.
#
# The machine gets a cgroup, processes, mounts, network, host name and IPC of its own. What is the kernel's own (/proc/sys, /sys) it may only read.
set -euo pipefail
root=$1 state=$2 boot_id=$3
export root state boot_id

inside() {
  mkdir -p "$state"/{upper,work,merged,cgroup}
  mount -t overlay overlay -o "lowerdir=$root,upperdir=$state/upper,workdir=$state/work" "$state/merged"
  local m=$state/merged
  # A first boot asks nobody anything here; sudo wants to find its own name.
  ln -sf /dev/null "$m/etc/systemd/system/systemd-firstboot.service"
  : >"$m/etc/machine-id"
  printf '127.0.0.1 localhost taproot-systemd\n' >"$m/etc/hosts"
  mount -t proc -o nosuid,nodev,noexec proc "$m/proc"
  printf '%s\n' "$boot_id" >"$state/boot_id"
  mount --bind "$m/proc/sys" "$m/proc/sys"
  mount -o remount,bind,ro "$m/proc/sys"
  mount --bind "$state/boot_id" "$m/proc/sys/kernel/random/boot_id"
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$m/sys"
  mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$m/sys/fs/cgroup"
  mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$m/run"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$m/tmp"
  mount -t tmpfs -o mode=755,nosuid tmpfs "$m/dev"
  local name
  for name in null zero full random urandom tty; do
    touch "$m/dev/$name"
    mount --bind "/dev/$name" "$m/dev/$name"
  done
  mkdir "$m/dev/pts" "$m/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$m/dev/pts"
  ln -s pts/ptmx "$m/dev/ptmx"
  ln -s /proc/self/fd "$m/dev/fd"
  # FROM=TO, one a line: a folder or a file of ours, read-only.
  local from to
  while IFS== read -r from to; do
    [ -n "$from" ] || continue
    if [ -d "$from" ]; then mkdir -p "$m$to"; else mkdir -p "$(dirname "$m$to")" && touch "$m$to"; fi
    mount --bind "$from" "$m$to"
    mount -o remount,bind,ro "$m$to"
  done <<<"${binds:-}"
  ip link set lo up
  hostname taproot-systemd
  cd "$m"
  mkdir -p "$m/.old"
  pivot_root . .old
  umount -l /.old
  # Outside of a container systemd does so itself. Without it the mounts that it makes for LoadCredential= are lost, and units find an empty folder.
  mount --make-rshared /
  # systemd takes `container` as the word that the hardware is not its own.
  exec env -i container=taproot PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=console --log-level=warning
}
export -f inside

# A cgroup of its own, below the one that we are in; systemd asks for nothing of the controllers.
mkdir -p "$state/cgroup"
mount -t cgroup2 cgroup2 "$state/cgroup"
mkdir -p "$state/cgroup/taproot-$(basename "$state")"
echo $$ >"$state/cgroup/taproot-$(basename "$state")/cgroup.procs"
exec unshare --cgroup --pid --mount --propagation private --net --uts --ipc --fork --kill-child bash -euo pipefail -c inside
