/*
 * Lets the real ethtool print hardware that nobody has: netlink is refused, so that it falls back to its ioctl, and the ioctl is answered from files.
 *   gcc -shared -fPIC -o made-up-ethtool.so made-up-ethtool.c
 *   EEPROM=sfp-low.eeprom LD_PRELOAD=./made-up-ethtool.so ethtool -m lo     (512 bytes: SFF-8472 A0h and A2h)
 *   STATS=counters.txt    LD_PRELOAD=./made-up-ethtool.so ethtool -S lo     (lines "name: value")
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static char names[400][ETH_GSTRING_LEN];
static unsigned long long values[400];
static int count = -1;

static void read_stats(void)
{
	FILE *file = getenv("STATS") ? fopen(getenv("STATS"), "r") : NULL;

	if (count >= 0)
		return;
	count = 0;
	while (file && count < 400 && fscanf(file, " %31[^:]: %llu", names[count], &values[count]) == 2)
		count++;
	if (file)
		fclose(file);
}

int socket(int domain, int type, int protocol)
{
	int (*real)(int, int, int) = dlsym(RTLD_NEXT, "socket");

	if (domain == AF_NETLINK) {
		errno = EPROTONOSUPPORT;
		return -1;
	}
	return real(domain, type, protocol);
}

static int answer(void *data)
{
	read_stats();
	switch (*(__u32 *)data) {
	case ETHTOOL_GMODULEINFO:
		((struct ethtool_modinfo *)data)->type = ETH_MODULE_SFF_8472;
		((struct ethtool_modinfo *)data)->eeprom_len = ETH_MODULE_SFF_8472_LEN;
		return 0;
	case ETHTOOL_GMODULEEEPROM: {
		struct ethtool_eeprom *part = data;
		FILE *file = getenv("EEPROM") ? fopen(getenv("EEPROM"), "rb") : NULL;
		size_t got = 0;

		if (file) {
			if (fseek(file, part->offset, SEEK_SET) == 0)
				got = fread(part->data, 1, part->len, file);
			fclose(file);
		}
		return got == part->len ? 0 : (errno = EIO, -1);
	}
	case ETHTOOL_GDRVINFO:
		strcpy(((struct ethtool_drvinfo *)data)->driver, "igb");
		((struct ethtool_drvinfo *)data)->n_stats = count;
		return 0;
	case ETHTOOL_GSSET_INFO:
		((struct ethtool_sset_info *)data)->sset_mask = 1ULL << ETH_SS_STATS;
		((struct ethtool_sset_info *)data)->data[0] = count;
		return 0;
	case ETHTOOL_GSTRINGS:
		((struct ethtool_gstrings *)data)->len = count;
		memcpy(((struct ethtool_gstrings *)data)->data, names, count * ETH_GSTRING_LEN);
		return 0;
	case ETHTOOL_GSTATS:
		((struct ethtool_stats *)data)->n_stats = count;
		memcpy(((struct ethtool_stats *)data)->data, values, count * sizeof(values[0]));
		return 0;
	}
	errno = EOPNOTSUPP;
	return -1;
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, void *) = dlsym(RTLD_NEXT, "ioctl");
	va_list list;
	void *argument;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	return request == SIOCETHTOOL ? answer(((struct ifreq *)argument)->ifr_data) : real(fd, request, argument);
}
