# QEMU as its manual starts it: a TAP by name, an ifup script that puts it on the bridge, no libvirt anywhere.
set -eu
for vm in web-01 web-02; do virsh -q destroy $vm; virsh -q undefine $vm; done
virsh -q net-destroy default; virsh -q net-autostart --disable default
systemctl disable --now libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket virtlogd.service virtlogd.socket virtlockd.socket
cat >/etc/qemu-ifup <<'I'
#!/bin/sh
ip link set "$1" master br0 up
I
cat >/etc/qemu-ifdown <<'I'
#!/bin/sh
ip link set "$1" nomaster down
I
chmod 755 /etc/qemu-ifup /etc/qemu-ifdown
for n in 1 2; do
  setsid qemu-system-x86_64 -name web-0$n -machine pc,accel=tcg -m 128 -nodefaults -display none \
    -kernel /var/lib/lab/vmlinux -initrd /var/lib/lab/guest-initrd.gz \
    -append "console=ttyS0 quiet mitigations=off no_timer_check nokaslr panic=1 lab.name=web-0$n lab.ip=10.20.0.1$n/24 lab.gw=10.20.0.1" \
    -netdev tap,id=net0,ifname=tap-web-0$n,script=/etc/qemu-ifup,downscript=/etc/qemu-ifdown \
    -device virtio-net-pci,netdev=net0,mac=52:54:00:5b:00:0$n \
    -monitor unix:/run/web-0$n.monitor,server=on,wait=off -pidfile /run/web-0$n.pid \
    -serial pty </dev/null >/run/lab/web-0$n.out 2>&1 &
done
for n in 1 2; do
  for try in $(seq 50); do
    pts=$(sed -n 's/^char device redirected to \([^ ]*\) .*/\1/p' /run/lab/web-0$n.out)
    [ -z "$pts" ] || break
    sleep 0.2
  done
  echo "$pts" >/run/lab/web-0$n.pts
done
