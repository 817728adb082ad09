#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How far the current thread's stack may be used.
enum StackFloor {
    /// What stays free below: the deepest function that a template can call needs less.
    private static let margin: UInt = 192 << 10

    /// Roughly the address that the stack has grown down to.
    @inline(never)
    static func here() -> UInt {
        var mark: UInt8 = 0
        return withUnsafePointer(to: &mark) { UInt(bitPattern: $0) }
    }

    /// Whether a function that calls itself has used up half of what is free below blocks.
    static var isReachedByFunction: Bool { here() + margin / 2 < ofThread() }

    /// The lowest address that blocks may still be run at; 1 when the stack's bounds are not known.
    ///
    /// Kept for each thread, since a process's first thread has to read a file to know it.
    static func ofThread() -> UInt {
        if let known = pthread_getspecific(key) { return UInt(bitPattern: known) }
        let floor = max(1, measured())
        _ = pthread_setspecific(key, UnsafeRawPointer(bitPattern: floor))
        return floor
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    private static func measured() -> UInt {
        #if canImport(Glibc) || canImport(Musl)
            var attributes = pthread_attr_t()
            guard attributesOfThread(pthread_self(), &attributes) == 0 else { return 1 }
            defer { pthread_attr_destroy(&attributes) }
            var lowest: UnsafeMutableRawPointer?
            var size = 0
            guard pthread_attr_getstack(&attributes, &lowest, &size) == 0 else { return 1 }
            return UInt(bitPattern: lowest) + min(margin, UInt(size) / 2)
        #else
            let highest = UInt(bitPattern: pthread_get_stackaddr_np(pthread_self()))
            let size = UInt(pthread_get_stacksize_np(pthread_self()))
            return highest - size + min(margin, size / 2)
        #endif
    }
}

#if canImport(Glibc) || canImport(Musl)
    // The headers show it only to programs in C that ask for extensions.
    @_silgen_name("pthread_getattr_np")
    private func attributesOfThread(_ thread: pthread_t, _ attributes: UnsafeMutablePointer<pthread_attr_t>) -> CInt
#endif
