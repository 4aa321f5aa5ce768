// Stands between a program and the C library (LD_PRELOAD), and lets one system call in so many go wrong as the kernel may
// let it go wrong. The page named by FAULTS says which faults, and counts them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum fault { PARTIAL, INTERRUPTED, RESET, EXHAUSTED, FULL, FAULTS };

static struct {
    _Atomic uint32_t wanted, one_in, done[FAULTS];
} *page;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *found = file < 0 ? MAP_FAILED : mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    page = found == MAP_FAILED ? 0 : found;
    if (file >= 0) close(file);
}

static uint32_t chance(void) {
    static _Thread_local uint64_t state;
    if (!state) state = (uintptr_t)&state ^ (uint64_t)time(0) * 0x9e3779b97f4a7c15u;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static int is_due(enum fault fault) {
    return page && page->wanted >> fault & 1 && page->one_in && chance() % page->one_in == 0;
}

static int counted(enum fault fault) {
    page->done[fault]++;
    return 1;
}

static int is(int descriptor, mode_t kind) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

static int interrupts(void) {
    if (!is_due(INTERRUPTED)) return 0;
    errno = EINTR;
    return counted(INTERRUPTED);
}

// After this the other side sees an end, as it would.
static int resets(int descriptor) {
    if (!is_due(RESET) || !is(descriptor, S_IFSOCK)) return 0;
    shutdown(descriptor, SHUT_RDWR);
    errno = ECONNRESET;
    return counted(RESET);
}

static int has_no_space(int descriptor) {
    if (!is_due(FULL) || !is(descriptor, S_IFREG)) return 0;
    errno = ENOSPC;
    return counted(FULL);
}

static size_t part(int descriptor, size_t count) {
    if (count < 2 || !is_due(PARTIAL) || !is(descriptor, S_IFSOCK) || !counted(PARTIAL)) return count;
    return 1 + chance() % (count - 1 < 64 ? count - 1 : 64);
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)
#define FAILS(descriptor) (interrupts() || resets(descriptor))

ssize_t read(int descriptor, void *bytes, size_t count) {
    REAL(read);
    return FAILS(descriptor) ? -1 : real(descriptor, bytes, part(descriptor, count));
}

ssize_t recv(int descriptor, void *bytes, size_t count, int flags) {
    REAL(recv);
    return FAILS(descriptor) ? -1 : real(descriptor, bytes, part(descriptor, count), flags);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    REAL(write);
    return FAILS(descriptor) || has_no_space(descriptor) ? -1 : real(descriptor, bytes, part(descriptor, count));
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    REAL(send);
    return FAILS(descriptor) ? -1 : real(descriptor, bytes, part(descriptor, count), flags);
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
    REAL(writev);
    if (FAILS(descriptor)) return -1;
    struct iovec first = count > 0 ? pieces[0] : (struct iovec){0};
    size_t some = part(descriptor, first.iov_len);
    if (some == first.iov_len) return real(descriptor, pieces, count);
    first.iov_len = some;
    return real(descriptor, &first, 1);
}

int epoll_wait(int descriptor, struct epoll_event *events, int most, int patience) {
    REAL(epoll_wait);
    return interrupts() ? -1 : real(descriptor, events, most, patience);
}

int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    REAL(accept4);
    if (interrupts()) return -1;
    if (!is_due(EXHAUSTED)) return real(descriptor, address, length, flags);
    errno = chance() % 2 ? EMFILE : ECONNABORTED;
    return counted(EXHAUSTED), -1;
}

int socket(int family, int type, int protocol) {
    REAL(socket);
    if (!is_due(EXHAUSTED)) return real(family, type, protocol);
    errno = EMFILE;
    return counted(EXHAUSTED), -1;
}
