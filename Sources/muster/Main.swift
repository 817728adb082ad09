import CAllocator
import Commands

@main
struct Main {
    /// Blocks from this size on go back to the system when they are freed, in bytes. Of its own accord glibc keeps blocks of
    /// up to 32 MiB once one was freed: after a few answers of 64 MiB a server of 40 MiB stays at 168.
    private static let returnedBlockSize = 4 << 20

    static func main() async {
        // Without it there is only more memory in use.
        _ = allocator_return_blocks(returnedBlockSize)
        await MusterCommand.runProcess()
    }
}
