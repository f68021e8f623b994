/* Writes down, in their order, what a process does to the files below one directory, and what it says meanwhile.

   Preloaded. A record: what, descriptor, place (int32, int32, int64), length of what follows (uint64), and that: a path,
   two paths with a NUL between, the bytes written, or what was said. Paths are below the directory. A sync is written
   down and not carried out: whoever reads the records says what a disk would have kept. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPEN, CLOSE, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MAKE, REMOVE, NOTE };
enum { MOST = 65536 };

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static char below[4096];
static size_t length;
static int out = -1;
static unsigned char watched[MOST];

#define REAL(type, name, parameters) \
  static type(*real) parameters; \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

static void put(const void *data, size_t size) {
  REAL(ssize_t, write, (int, const void *, size_t));
  for (size_t done = 0; done < size;) {
    ssize_t now = real(out, (const char *)data + done, size - done);
    if (now < 0) _exit(99);
    done += (size_t)now;
  }
}

static void record(int what, int handle, int64_t at, const void *data, uint64_t size) {
  struct { int32_t what, handle; int64_t at; uint64_t size; } head = {what, handle, at, size};
  put(&head, sizeof head);
  put(data, size);
}

static const char *inside(const char *path) {
  if (out < 0 || strncmp(path, below, length) || (path[length] && path[length] != '/')) return NULL;
  return path + length + (path[length] == '/');
}

static int is_watched(int handle) { return out >= 0 && handle >= 0 && handle < MOST && watched[handle]; }

void layer_begin(const char *directory, const char *records) {
  pthread_mutex_lock(&one);
  memset(watched, 0, sizeof watched);
  length = strlen(strcpy(below, directory));
  out = open(records, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  pthread_mutex_unlock(&one);
}

void layer_end(void) {
  pthread_mutex_lock(&one);
  int done = out;
  out = -1;
  pthread_mutex_unlock(&one);
  close(done);
}

void layer_note(const char *said, size_t size) {
  pthread_mutex_lock(&one);
  if (out >= 0) record(NOTE, -1, 0, said, size);
  pthread_mutex_unlock(&one);
}

static int opened(int handle, const char *path, int flags) {
  const char *name = inside(path);
  if (handle >= 0 && handle < MOST && name) {
    watched[handle] = 1;
    record(OPEN, handle, flags, name, strlen(name));
  }
  return handle;
}

#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, name, (const char *, int, ...)); \
    va_list more; \
    va_start(more, flags); \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    if (out < 0) return real(path, flags, mode); \
    pthread_mutex_lock(&one); \
    int handle = opened(real(path, flags, mode), path, flags); \
    pthread_mutex_unlock(&one); \
    return handle; \
  }
OPENING(open)
OPENING(open64)

int close(int handle) {
  REAL(int, close, (int));
  if (!is_watched(handle)) return real(handle);
  pthread_mutex_lock(&one);
  watched[handle] = 0;
  record(CLOSE, handle, 0, "", 0);
  int result = real(handle);
  pthread_mutex_unlock(&one);
  return result;
}

ssize_t write(int handle, const void *data, size_t size) {
  REAL(ssize_t, write, (int, const void *, size_t));
  if (!is_watched(handle)) return real(handle, data, size);
  pthread_mutex_lock(&one);
  ssize_t done = real(handle, data, size);
  if (done > 0) record(WRITE, handle, lseek(handle, 0, SEEK_CUR) - done, data, (uint64_t)done);
  pthread_mutex_unlock(&one);
  return done;
}

#define WRITING(name) \
  ssize_t name(int handle, const void *data, size_t size, off_t at) { \
    REAL(ssize_t, name, (int, const void *, size_t, off_t)); \
    if (!is_watched(handle)) return real(handle, data, size, at); \
    pthread_mutex_lock(&one); \
    ssize_t done = real(handle, data, size, at); \
    if (done > 0) record(WRITE, handle, at, data, (uint64_t)done); \
    pthread_mutex_unlock(&one); \
    return done; \
  }
WRITING(pwrite)
WRITING(pwrite64)

#define TRUNCATING(name) \
  int name(int handle, off_t size) { \
    REAL(int, name, (int, off_t)); \
    if (!is_watched(handle)) return real(handle, size); \
    pthread_mutex_lock(&one); \
    int result = real(handle, size); \
    if (!result) record(TRUNCATE, handle, size, "", 0); \
    pthread_mutex_unlock(&one); \
    return result; \
  }
TRUNCATING(ftruncate)
TRUNCATING(ftruncate64)

#define SYNCING(name) \
  int name(int handle) { \
    REAL(int, name, (int)); \
    if (!is_watched(handle)) return real(handle); \
    pthread_mutex_lock(&one); \
    record(SYNC, handle, 0, "", 0); \
    pthread_mutex_unlock(&one); \
    return 0; \
  }
SYNCING(fsync)
SYNCING(fdatasync)

int rename(const char *old, const char *new) {
  REAL(int, rename, (const char *, const char *));
  const char *from = inside(old), *to = inside(new);
  if (!from || !to) return real(old, new);
  pthread_mutex_lock(&one);
  int result = real(old, new);
  if (!result) {
    char both[8192];
    size_t first = strlen(strcpy(both, from)) + 1, second = strlen(strcpy(both + first, to));
    record(RENAME, -1, 0, both, first + second);
  }
  pthread_mutex_unlock(&one);
  return result;
}

#define NAMING(name, kind, parameters, arguments) \
  int name parameters { \
    REAL(int, name, parameters); \
    const char *which = inside(path); \
    if (!which) return real arguments; \
    pthread_mutex_lock(&one); \
    int result = real arguments; \
    if (!result) record(kind, -1, 0, which, strlen(which)); \
    pthread_mutex_unlock(&one); \
    return result; \
  }
NAMING(unlink, UNLINK, (const char *path), (path))
NAMING(rmdir, REMOVE, (const char *path), (path))
NAMING(mkdir, MAKE, (const char *path, mode_t mode), (path, mode))
