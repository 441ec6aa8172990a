#!/bin/bash
# Builds the root file system of a Debian release with systemd as its first process: build.sh SUITE
#
# Debian 11 has systemd 247, Debian 12 has 252, Debian 13 has 257: the releases that the undo guard must hold on.
# The result is cached outside the clone, under the hash of this file, and only ever used below an overlay. It is made in a temporary
# directory and renamed at the end, so a broken build is never mistaken for a finished one.
# Prints the directory on stdout; progress goes to stderr. About two minutes and 250 MB each.
set -euo pipefail
suite=${1:?usage: build.sh bullseye|bookworm|trixie}
cache=${TAPROOT_SYSTEMD_CACHE:-$HOME/.cache/taproot-systemd}
mirror=${TAPROOT_LAB_MIRROR:-http://deb.debian.org/debian}
started=$(date +%s)

say() { printf '[systemd root %s %4ds] %s\n' "$suite" $(($(date +%s) - started)) "$*" >&2; }
die() { say "FAILED: $*"; exit 1; }

# libstdc++6: the product's node runs inside, by a bind mount. perl-base is essential, so PERL5OPT can be tried.
packages=systemd-sysv,dbus,sudo,openssh-server,iproute2,procps,libstdc++6,util-linux,iputils-ping

configure() {
  # Nobody logs in, and what would reach for the machine's own hardware, clock or kernel settings stays away.
  local unit
  for unit in systemd-udevd.service systemd-udev-trigger.service systemd-sysctl.service systemd-modules-load.service \
    systemd-timesyncd.service systemd-networkd.service systemd-resolved.service systemd-logind.service \
    getty.target console-getty.service systemd-random-seed.service systemd-pstore.service apt-daily.timer \
    apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer; do
    ln -sf /dev/null "$1/etc/systemd/system/$unit"
  done
  ln -sf /lib/systemd/system/multi-user.target "$1/etc/systemd/system/default.target"
  echo taproot-systemd >"$1/etc/hostname"
  rm -f "$1/etc/machine-id"
  echo uninitialized >"$1/etc/machine-id"
  chroot "$1" useradd -m -s /bin/sh noc
  chroot "$1" useradd -m -s /bin/sh other
  rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
}

build() {
  tmp=$(mktemp -d "$cache/.building-$suite-XXXXXX")
  trap 'rm -rf --one-file-system "$tmp"' EXIT
  say "debootstrap from $mirror"
  debootstrap --variant=minbase --include="$packages" "$suite" "$tmp" "$mirror" >"$tmp.log" 2>&1 ||
    { tail -20 "$tmp.log" >&2; die "debootstrap did not finish (is $mirror reachable?)"; }
  configure "$tmp"
  rm -f "$tmp.log"
  chmod 755 "$tmp"
  mv -T "$tmp" "$out"
  trap - EXIT
  say "done: $(du -sm "$out" | cut -f1) MiB"
}

[ "$(id -u)" = 0 ] || die "must be root: debootstrap and chroot need it"
command -v debootstrap >/dev/null || die "debootstrap is missing (Debian: apt-get install debootstrap)"
mkdir -p "$cache"
out=$cache/$suite-$(sha256sum <"$0" | cut -c1-12)
if [ ! -d "$out" ]; then
  exec 9>"$cache/.build-$suite.lock"
  flock 9
  if [ ! -d "$out" ]; then
    rm -rf --one-file-system "$cache"/.building-"$suite"-* "$cache/$suite"-* # of a killed build or an older clone; we hold the lock
    export -f say die configure build
    export suite cache mirror started packages out
    # Namespaces of its own for mounts and processes: when we are killed, nothing of the build stays behind.
    unshare --mount --propagation private --pid --fork --kill-child --mount-proc bash -euo pipefail -c build >&2 9>&- || die "see above"
  fi
fi
echo "$out"
