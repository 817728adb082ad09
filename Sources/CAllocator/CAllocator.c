#include "CAllocator.h"

#include <malloc.h>

int allocator_return_blocks(size_t bytes) { return mallopt(M_MMAP_THRESHOLD, (int)bytes); }
