#pragma once

#include <stdint.h>
#include <sys/types.h>

/// A started child and our ends of its pipes; all are closed on exec.
typedef struct {
    pid_t pid;
    int standard_input;
    int standard_output;
    int standard_error;
} child_process_t;

/// Where starting failed.
typedef enum {
    CHILD_STAGE_NONE = 0,
    CHILD_STAGE_PIPE,
    CHILD_STAGE_FORK,
    CHILD_STAGE_SETUP,
    CHILD_STAGE_DIRECTORY,
    CHILD_STAGE_EXECUTE,
} child_stage_t;

/// Starts `path` as the leader of a new process group with pipes as its standard streams, all signals at their
/// defaults and unblocked, and no other descriptor open. The child gets SIGTERM when the calling *thread* ends, so call
/// this from a thread that lives as long as the child.
///
/// `directory` may be null. `arguments` and `environment` end with a null pointer.
/// Returns 0, or the errno of what failed, with `stage` telling where; then nothing is left behind.
int child_process_start(const char *path, char *const arguments[], char *const environment[], const char *directory,
                        child_process_t *child, child_stage_t *stage);

/// What has become of a child, or how it ended.
typedef struct {
    /// Whether a signal ended it; `value` is then the signal, otherwise the exit status.
    int signalled;
    int value;
} child_exit_t;

/// Blocks until the child has ended and leaves it a zombie, so that its process group id stays taken.
/// Returns 0 or an errno.
int child_process_wait(pid_t pid, child_exit_t *exit);

/// Runs a function on a detached thread of its own. Returns 0 or an errno.
int blocking_thread_start(void *(*run)(void *), void *context);

/// Collects a child that has ended.
void child_process_reap(pid_t pid);
