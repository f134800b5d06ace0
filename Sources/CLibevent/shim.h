#pragma once
// libevent defines _GNU_SOURCE. Settle glibc's feature set before it does, or
// fd_set gets a second layout that clashes with Swift's own Glibc module.
#include <features.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/thread.h>
#include <event2/util.h>
