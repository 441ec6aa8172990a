# Docker installed and idle: docker0 without a container, FORWARD policy DROP. The bridge's frames do not pass iptables
# (bridge-nf-call-iptables is 0, as libvirt's guide asks), so the guests keep their way.
set -eu
# Docker sets that policy only when it is the one who switches forwarding on, as where it starts before libvirt.
sysctl -qw net.ipv4.ip_forward=0
systemctl -q enable --now containerd.service docker.socket docker.service
until docker info >/dev/null 2>&1; do sleep 1; done
ip link show docker0
iptables -S FORWARD | grep -x -e '-P FORWARD DROP'
test "$(sysctl -n net.ipv4.ip_forward)" = 1
test "$(sysctl -n net.bridge.bridge-nf-call-iptables)" = 0
