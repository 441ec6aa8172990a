# Libvirt's own NAT network with DHCP; the guests ask for their addresses.
set -eu
for n in 1 2; do
  virsh -q destroy web-0$n
  # A reservation keeps the address the same whatever the clock says when a saved state comes back.
  virsh -q net-update default add ip-dhcp-host "<host mac='52:54:00:5b:00:0$n' name='web-0$n' ip='192.168.122.1$n'/>" --live --config
  sed -e "s#<interface type='bridge'>#<interface type='network'>#; s#<source bridge='br0'/>#<source network='default'/>#" \
    -e "s#lab.ip=[^ ]* lab.gw=[0-9.]*#lab.ip=dhcp#" /var/lib/lab/web-0$n.xml >/run/lab/web-0$n.xml
  virsh -q define /run/lab/web-0$n.xml
  virsh -q start web-0$n
done
