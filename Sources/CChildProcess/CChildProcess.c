#define _GNU_SOURCE
#include "CChildProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

struct failure {
    int error;
    int stage;
};

/// A descriptor above the standard ones, so that none of the moves in the child overwrites another.
static int lifted(int descriptor) {
    if (descriptor < 0 || descriptor > 2) return descriptor;
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    int error = errno;
    close(descriptor);
    errno = error;
    return copy;
}

static int make_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) {
        ends[0] = ends[1] = -1;
        return errno;
    }
    ends[0] = lifted(ends[0]);
    if (ends[0] < 0) return errno;
    ends[1] = lifted(ends[1]);
    return ends[1] < 0 ? errno : 0;
}

static void close_all(int *descriptors, int count) {
    for (int index = 0; index < count; index++) {
        if (descriptors[index] >= 0) close(descriptors[index]);
    }
}

_Noreturn static void give_up(int report, int stage) {
    struct failure failure = {errno, stage};
    ssize_t ignored = write(report, &failure, sizeof failure);
    (void)ignored;
    _exit(127);
}

/// Everything between fork and exec; only async-signal-safe calls.
_Noreturn static void become(const char *path, char *const arguments[], char *const environment[],
                             const char *directory, pid_t parent, int input, int output, int error, int report) {
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The parent may have died before the line above.
    if (getppid() != parent) _exit(127);
#endif
    for (int number = 1; number < NSIG; number++) {
#ifdef __linux__
        // The kernel's own call: the C library refuses 32 and 33, which whoever was started by posix_spawn has ignored.
        static const unsigned char by_default[64];
        syscall(SYS_rt_sigaction, number, by_default, NULL, (NSIG - 1) / 8);
#else
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = SIG_DFL;
        sigaction(number, &action, NULL);
#endif
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(error, 2) < 0) give_up(report, CHILD_STAGE_SETUP);
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
#endif
    {
        long limit = sysconf(_SC_OPEN_MAX);
        if (limit < 0 || limit > 65536) limit = 65536;
        for (int descriptor = 3; descriptor < limit; descriptor++) {
            int flags = fcntl(descriptor, F_GETFD);
            if (flags >= 0) fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
        }
    }
    if (directory != NULL && chdir(directory) != 0) give_up(report, CHILD_STAGE_DIRECTORY);
    execve(path, arguments, environment);
    give_up(report, CHILD_STAGE_EXECUTE);
}

int child_process_start(const char *path, char *const arguments[], char *const environment[], const char *directory,
                        child_process_t *child, child_stage_t *stage) {
    // input, output, error, report: each read end, write end.
    int ends[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
    *stage = CHILD_STAGE_PIPE;
    for (int index = 0; index < 8; index += 2) {
        int error = make_pipe(&ends[index]);
        if (error != 0) {
            close_all(ends, 8);
            return error;
        }
    }
    // No handler of ours may run in the child before it has reset them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) become(path, arguments, environment, directory, parent, ends[0], ends[3], ends[5], ends[7]);
    int fork_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) {
        *stage = CHILD_STAGE_FORK;
        close_all(ends, 8);
        return fork_error;
    }
    close(ends[0]);
    close(ends[3]);
    close(ends[5]);
    close(ends[7]);
    struct failure failure = {0, CHILD_STAGE_NONE};
    ssize_t count;
    do { count = read(ends[6], &failure, sizeof failure); } while (count < 0 && errno == EINTR);
    close(ends[6]);
    if (count == (ssize_t)sizeof failure) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
        close(ends[1]);
        close(ends[2]);
        close(ends[4]);
        *stage = (child_stage_t)failure.stage;
        return failure.error;
    }
    child->pid = pid;
    child->standard_input = ends[1];
    child->standard_output = ends[2];
    child->standard_error = ends[4];
    *stage = CHILD_STAGE_NONE;
    return 0;
}

int child_process_wait(pid_t pid, child_exit_t *exit) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0) {
        if (errno != EINTR) return errno;
    }
    exit->signalled = info.si_code != CLD_EXITED;
    exit->value = info.si_status;
    return 0;
}

int blocking_thread_start(void *(*run)(void *), void *context) {
    enum { stack_size = 512 << 10 };
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_size);
    pthread_t thread;
    error = pthread_create(&thread, &attributes, run, context);
    pthread_attr_destroy(&attributes);
    return error;
}

void child_process_reap(pid_t pid) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
}
