/* Makes calls on some files fail as a disk would: preloaded, and told what is to fail by a page of shared memory.

   The page ($FAILING_FILES names its file): errno (0: nothing fails), which calls, how many such calls go well first,
   how many fail then (int32 each), and a part of the paths that are meant. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, OPEN = 4, NAME = 8, READ = 16 };
struct page { int32_t number, calls, well, failing; char part[4080]; };
static struct page *page;

#define REAL(type, name, parameters) \
  static type(*real) parameters; \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAILING_FILES");
  REAL(int, open, (const char *, int, ...));
  int handle = path ? real(path, O_RDWR | O_CLOEXEC) : -1;
  if (handle < 0) return;
  page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
  if (page == MAP_FAILED) page = NULL;
  close(handle);
}

static int fails(int call, const char *path) {
  if (!page || !page->number || !(page->calls & call) || !strstr(path, page->part)) return 0;
  if (__atomic_fetch_sub(&page->well, 1, __ATOMIC_SEQ_CST) > 0) return 0;
  if (__atomic_fetch_sub(&page->failing, 1, __ATOMIC_SEQ_CST) <= 0) return 0;
  errno = page->number;
  return 1;
}

static int fails_at(int call, int handle) {
  char link[32], path[4096];
  if (!page || !page->number || !(page->calls & call)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(call, path);
}

#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, name, (const char *, int, ...)); \
    va_list more; \
    va_start(more, flags); \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    return (flags & O_CREAT) && fails(OPEN, path) ? -1 : real(path, flags, mode); \
  }
OPENING(open)
OPENING(open64)

#define ON_HANDLE(type, name, call, parameters, arguments) \
  type name parameters { \
    REAL(type, name, parameters); \
    return fails_at(call, handle) ? -1 : real arguments; \
  }
ON_HANDLE(ssize_t, write, WRITE, (int handle, const void *data, size_t size), (handle, data, size))
ON_HANDLE(ssize_t, pwrite, WRITE, (int handle, const void *data, size_t size, off_t at), (handle, data, size, at))
ON_HANDLE(ssize_t, pwrite64, WRITE, (int handle, const void *data, size_t size, off64_t at), (handle, data, size, at))
ON_HANDLE(ssize_t, pread64, READ, (int handle, void *data, size_t size, off64_t at), (handle, data, size, at))
ON_HANDLE(ssize_t, pread, READ, (int handle, void *data, size_t size, off_t at), (handle, data, size, at))
ON_HANDLE(ssize_t, read, READ, (int handle, void *data, size_t size), (handle, data, size))
ON_HANDLE(int, ftruncate, WRITE, (int handle, off_t size), (handle, size))
ON_HANDLE(int, ftruncate64, WRITE, (int handle, off64_t size), (handle, size))
ON_HANDLE(int, fsync, SYNC, (int handle), (handle))
ON_HANDLE(int, fdatasync, SYNC, (int handle), (handle))

#define ON_PATH(name, parameters, arguments) \
  int name parameters { \
    REAL(int, name, parameters); \
    return fails(NAME, path) ? -1 : real arguments; \
  }
ON_PATH(rename, (const char *path, const char *other), (path, other))
ON_PATH(unlink, (const char *path), (path))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
