"""The time of one call."""
import time


def nanoseconds(function, argument, budget: int) -> float:
    """Calls again and again for `budget` nanoseconds, in rounds that double."""
    rounds, batch = 0, 1
    start = time.perf_counter_ns()
    while (took := time.perf_counter_ns() - start) < budget:
        for _ in range(batch):
            function(argument)
        rounds += batch
        batch = min(batch * 2, 256)
    return took / rounds
