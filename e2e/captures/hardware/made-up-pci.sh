#!/bin/sh
# Makes, in an empty directory, the part of sysfs that the probe pci-net reads, for a card that nobody has: an I350 with two ports. The first has two virtual functions, the first of
# them on vfio-pci; the second port was handed over whole. Files and links as Documentation/ABI/testing/sysfs-bus-pci has them; numbers and places as an I350 has them (First VF Offset 384, VF
# Stride 4). Then the script of lib/probes/pci-net.ts, as pci-net.sh, with that tree in the place of the real one:
#   mkdir tree && cd tree && sh ../made-up-pci.sh
#   unshare -m sh -c 'mount --bind tree/bus/pci /sys/bus/pci && sh pci-net.sh' >pci-net-i350-vf.txt
set -eu
card() { # slot device driver
  d=devices/pci0000:00/0000:00:01.0/$1
  mkdir -p "$d" "bus/pci/devices" "bus/pci/drivers/$3"
  echo 0x020000 >"$d/class"; echo 0x8086 >"$d/vendor"; echo "0x$2" >"$d/device"
  echo 0x8086 >"$d/subsystem_vendor"; echo 0x0001 >"$d/subsystem_device"; echo 0 >"$d/numa_node"
  echo "pci:v00008086d0000${2}sv00008086sd00000001bc02sc00i00" >"$d/modalias"
  ln -s "$PWD/bus/pci/drivers/$3" "$d/driver"
  ln -s "$PWD/$d" "bus/pci/devices/$1"
}
card 0000:03:00.0 1521 igb
mkdir -p "$d/net/mgmt0"; echo 2 >"$d/sriov_numvfs"; echo 7 >"$d/sriov_totalvfs"
card 0000:03:00.1 1521 vfio-pci
echo 0 >"$d/sriov_numvfs"; echo 7 >"$d/sriov_totalvfs"
card 0000:04:10.0 1520 vfio-pci
ln -s ../0000:03:00.0 "$d/physfn"
card 0000:04:10.4 1520 igbvf
ln -s ../0000:03:00.0 "$d/physfn"
mkdir -p "$d/net/enp4s16f4"
