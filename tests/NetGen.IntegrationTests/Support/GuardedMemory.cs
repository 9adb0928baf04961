using System.Runtime.InteropServices;

namespace NetGen.IntegrationTests.Support;

/// <summary>Memory whose next byte belongs to a page that nobody may touch: a read or write past the end ends the process. Linux only.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int None = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _start;
    private readonly nuint _length;

    /// <summary>Maps pages for a number of bytes and one more, which is closed.</summary>
    public GuardedMemory(int bytes)
    {
        var page = (nuint)Environment.SystemPageSize;
        var usable = ((nuint)bytes + page - 1) / page * page;
        _length = usable + page;
        _start = Map(0, _length, ReadWrite, PrivateAnonymous, -1, 0);
        if (_start == -1 || Protect(_start + (nint)usable, page, None) != 0)
        {
            throw new InvalidOperationException($"No guarded memory: error {Marshal.GetLastPInvokeError()}.");
        }

        End = _start + (nint)usable;
    }

    /// <summary>The first byte that is closed.</summary>
    public nint End { get; }

    /// <summary>A copy of values that ends where the closed page starts.</summary>
    public Span<T> Place<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var span = new Span<T>((void*)(End - values.Length * sizeof(T)), values.Length);
        values.CopyTo(span);
        return span;
    }

    public void Dispose() => _ = Unmap(_start, _length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
