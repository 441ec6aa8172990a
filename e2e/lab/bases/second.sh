# A second hypervisor from the first: its own names, addresses, identity and one guest, so that both can share a segment.
# Its NICs keep their permanent MACs, which are those of the first: nothing on a wire carries them.
set -eu
echo kvm-02 >/etc/hostname
hostname kvm-02
sed -i 's/kvm-01/kvm-02/g; s/10\.20\.0\.10/10.20.0.20/' /etc/hosts
sed -i 's/10\.20\.0\.10/10.20.0.20/' /etc/network/interfaces
echo 'lab 2' | sha256sum | cut -c1-32 >/etc/machine-id
for vm in web-01 web-02; do virsh -q destroy $vm; virsh -q undefine $vm; done
ip link set bond0 address 52:54:00:4c:00:20
ip addr del 10.20.0.10/24 dev br0
ip addr add 10.20.0.20/24 dev br0
ip route replace default via 10.20.0.1 dev br0
# libvirt refuses to move a guest between two hosts that say they are one: SMBIOS gives both the same identity.
echo 'host_uuid = "5b000000-0000-4000-8000-0000000000b2"' >>/etc/libvirt/libvirtd.conf
systemctl restart libvirtd
# As a chassis each is known by its management NIC's MAC, which here is one and the same.
echo 'configure system hostname kvm-02' >>/etc/lldpd.d/lab.conf
systemctl restart lldpd
sed -e 's/web-01/web-03/g; s/-000000000001/-000000000003/; s/52:54:00:5b:00:01/52:54:00:5b:00:03/; s/10\.20\.0\.11/10.20.0.13/' \
  /var/lib/lab/web-01.xml >/var/lib/lab/web-03.xml
virsh -q define /var/lib/lab/web-03.xml
virsh -q autostart web-03
virsh -q start web-03
