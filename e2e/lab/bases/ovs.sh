# Open vSwitch instead of bond0 and br0: it bonds the NICs itself and tags the guests' ports.
set -eu
virsh -q destroy web-01; virsh -q destroy web-02
ifdown br0 bond0 nic0 nic1 2>/dev/null || true
ip link del br0 2>/dev/null || true
ip link del bond0 2>/dev/null || true
cat >/etc/network/interfaces <<'I'
auto lo
iface lo inet loopback

auto mgmt0
iface mgmt0 inet static
    address 10.0.2.15/24
I
systemctl enable --now openvswitch-switch
ovs-vsctl --timeout=20 -- add-br ovsbr0 \
  -- add-bond ovsbr0 bond1 nic0 nic1 bond_mode=active-backup trunks=0,10,20,30
for dev in nic0 nic1 ovsbr0; do ip link set $dev up; done
ip addr add 10.20.0.10/24 dev ovsbr0
ip route replace default via 10.20.0.1 dev ovsbr0
define() { # guest tag address gateway
  sed -e "s#<source bridge='br0'/>#<source bridge='ovsbr0'/><virtualport type='openvswitch'/><vlan><tag id='$2'/></vlan>#" \
    -e "s#lab.ip=[^ ]* lab.gw=[0-9.]*#lab.ip=$3/24 lab.gw=$4#" /var/lib/lab/$1.xml >/run/lab/$1.xml
  virsh -q define /run/lab/$1.xml
  virsh -q start $1
}
define web-01 10 10.20.110.11 10.20.110.1
define web-02 20 10.20.120.12 10.20.120.1
ping -q -c 1 -W 5 10.20.0.1
