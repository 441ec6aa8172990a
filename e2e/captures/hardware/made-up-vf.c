/*
 * Lets the real ip print virtual functions that nobody has: two of them are added to the kernel's answer for one interface.
 *   gcc -shared -fPIC -o made-up-vf.so made-up-vf.c
 *   LD_PRELOAD=./made-up-vf.so ip -d -s -j link show dev mgmt0
 *   MADE_UP=others ... the same: the first has another MAC than its guest, the second is in VLAN 20
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static char *at;

static struct rtattr *put(int type, const void *data, int length)
{
	struct rtattr *attribute = (void *)at;

	attribute->rta_type = type;
	attribute->rta_len = RTA_LENGTH(length);
	if (data)
		memcpy(RTA_DATA(attribute), data, length);
	at += RTA_ALIGN(attribute->rta_len);
	return attribute;
}

static void end(struct rtattr *nest)
{
	nest->rta_len = at - (char *)nest;
}

#define PUT(type, ...) do { __VA_ARGS__; put(type, &it, sizeof(it)); } while (0)

/* In the order of the kernel's rtnl_fill_vfinfo. */
static void put_vf(int n, const char *mac, int state, int vlan)
{
	struct rtattr *info = put(IFLA_VF_INFO, NULL, 0), *nest;
	struct ifla_vf_mac own = { .vf = n };
	int key;

	memcpy(own.mac, mac, ETH_ALEN);
	put(IFLA_VF_MAC, &own, sizeof(own));
	PUT(IFLA_VF_BROADCAST, struct ifla_vf_broadcast it; memset(&it, 0xff, sizeof(it)));
	PUT(IFLA_VF_VLAN, struct ifla_vf_vlan it = { .vf = n, .vlan = vlan });
	PUT(IFLA_VF_RATE, struct ifla_vf_rate it = { .vf = n });
	PUT(IFLA_VF_TX_RATE, struct ifla_vf_tx_rate it = { .vf = n });
	PUT(IFLA_VF_SPOOFCHK, struct ifla_vf_spoofchk it = { .vf = n, .setting = 1 });
	PUT(IFLA_VF_LINK_STATE, struct ifla_vf_link_state it = { .vf = n, .link_state = state });
	PUT(IFLA_VF_RSS_QUERY_EN, struct ifla_vf_rss_query_en it = { .vf = n });
	PUT(IFLA_VF_TRUST, struct ifla_vf_trust it = { .vf = n });
	nest = put(IFLA_VF_VLAN_LIST, NULL, 0);
	PUT(IFLA_VF_VLAN_INFO, struct ifla_vf_vlan_info it = { .vf = n, .vlan = vlan, .vlan_proto = htons(ETH_P_8021Q) });
	end(nest);
	nest = put(IFLA_VF_STATS, NULL, 0);
	for (key = IFLA_VF_STATS_RX_PACKETS; key <= IFLA_VF_STATS_TX_DROPPED; key++)
		if (key != IFLA_VF_STATS_PAD)
			PUT(key, __u64 it = 0);
	end(nest);
	end(info);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	ssize_t (*real)(int, struct msghdr *, int) = dlsym(RTLD_NEXT, "recvmsg");
	ssize_t got = real(fd, message, flags);
	struct nlmsghdr *head = message->msg_iov[0].iov_base;
	struct rtattr *list;

	if (got <= 0 || !head || head->nlmsg_type != RTM_NEWLINK || got != head->nlmsg_len)
		return got;
	at = (char *)head + NLMSG_ALIGN(head->nlmsg_len);
	PUT(IFLA_NUM_VF, __u32 it = 2);
	list = put(IFLA_VFINFO_LIST, NULL, 0);
	if (getenv("MADE_UP")) {
		put_vf(0, "\x52\x54\0\x5b\0\x99", IFLA_VF_LINK_STATE_AUTO, 0);
		put_vf(1, "\x52\x54\0\x5b\0\2", IFLA_VF_LINK_STATE_AUTO, 20);
	} else {
		put_vf(0, "\x52\x54\0\x5b\0\1", IFLA_VF_LINK_STATE_DISABLE, 0);
		put_vf(1, "\0\0\0\0\0\0", IFLA_VF_LINK_STATE_AUTO, 0);
	}
	end(list);
	head->nlmsg_len = at - (char *)head;
	return head->nlmsg_len;
}
