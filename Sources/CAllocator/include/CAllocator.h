#ifndef C_ALLOCATOR_H
#define C_ALLOCATOR_H

#include <stddef.h>

/// Has blocks of at least so many bytes go back to the system as soon as they are freed; to be called before the first
/// thread begins. Returns 0 if the C library does not know how.
int allocator_return_blocks(size_t bytes);

#endif
