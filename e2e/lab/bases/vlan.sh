# The bridge filters VLANs; guests on access ports, the uplink a trunk. bond0.30 is the host's own, beside the bridge.
set -eu
ip link set br0 type bridge vlan_filtering 1 vlan_default_pvid 1
for vid in 10 20; do bridge vlan add dev bond0 vid $vid; done
bridge vlan del dev vnet0 vid 1; bridge vlan add dev vnet0 vid 10 pvid untagged
bridge vlan del dev vnet1 vid 1; bridge vlan add dev vnet1 vid 20 pvid untagged
ip link add link bond0 name bond0.30 type vlan id 30
ip addr add 10.20.130.10/24 dev bond0.30
ip link set bond0.30 up
readdress() { lab-guest-shell "$1" "ip addr flush dev eth0; ip addr add $2/24 dev eth0; ip route add default via $3" 30; }
readdress web-01 10.20.110.11 10.20.110.1
readdress web-02 10.20.120.12 10.20.120.1
ping -q -c 3 -W 5 10.20.130.1 # the storage network carries
