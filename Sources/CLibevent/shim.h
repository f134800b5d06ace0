#pragma once
// libevent defines _GNU_SOURCE. Settle glibc's feature set before it does, or
// fd_set gets a second layout that clashes with Swift's own Glibc module.
#include <features.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/thread.h>
#include <event2/util.h>
#include <link.h>
#include <malloc.h>
#include <sys/socket.h>

// Swift sees neither accept4 nor the SOCK_ enumerators.
extern int accept4(int, struct sockaddr *, socklen_t *, int);
static inline int stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}
static inline int datagram_socket(int family) {
    return socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}
static inline int accept_stream(int listener) {
    return accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// GNU extensions of glibc, which Swift's Glibc module leaves out.
#include <spawn.h>
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// The objects of this process, as dl_iterate_phdr(3) tells of them; the rest of the struct is left out.
struct dl_phdr_info {
    ElfW(Addr) dlpi_addr;
    const char *dlpi_name;
    const ElfW(Phdr) *dlpi_phdr;
    ElfW(Half) dlpi_phnum;
};
int dl_iterate_phdr(int (*)(struct dl_phdr_info *, size_t, void *), void *);
