using System.Buffers;
using System.Runtime.InteropServices;

namespace Mach.Store.Codec;

/// <summary>The system's libzstd (1.4 or newer): one compression and one decompression context a thread, the dictionary digested once.</summary>
internal sealed class Zstd
{
    private const int Level = 3;
    private static readonly string[] Names = ["libzstd.so.1", "libzstd.1.dylib", "libzstd.dll"];

    private readonly Native _native;
    private readonly nint _compressDictionary;
    private readonly nint _decompressDictionary;

    // A context belongs to a thread, not to a dictionary.
    [ThreadStatic]
    private static Context? _compress;

    [ThreadStatic]
    private static Context? _decompress;

    private Zstd(Native native, byte[] dictionary)
    {
        _native = native;
        _compressDictionary = native.CreateCDict(dictionary, (nuint)dictionary.Length, Level);
        _decompressDictionary = native.CreateDDict(dictionary, (nuint)dictionary.Length);
    }

    /// <summary>Null when the system has no libzstd.</summary>
    public static Zstd? TryLoad(byte[] dictionary)
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new Zstd(new Native(library), dictionary);
            }
        }

        return null;
    }

    public byte[] Compress(ReadOnlySpan<byte> source)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)_native.CompressBound((nuint)source.Length));
        try
        {
            var length = _native.Compress((_compress ??= new Context(_native.CreateCCtx(), _native.FreeCCtx)).Handle, buffer, source, _compressDictionary);
            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <exception cref="InvalidDataException">Not an intact frame.</exception>
    public byte[] Decompress(ReadOnlySpan<byte> source)
    {
        var size = _native.ContentSize(source);
        // A damaged header must not make us reserve the machine's memory: one FHIR body is far below this.
        if (size > 1 << 30)
        {
            throw new InvalidDataException("The compressed body has no believable length.");
        }

        var target = GC.AllocateUninitializedArray<byte>((int)size);
        var length = _native.Decompress((_decompress ??= new Context(_native.CreateDCtx(), _native.FreeDCtx)).Handle, target, source, _decompressDictionary);
        return length == target.Length ? target : throw new InvalidDataException("The compressed body is shorter than it says.");
    }

    private sealed class Context(nint handle, Action<nint> free)
    {
        public nint Handle { get; } = handle;

        ~Context() => free(Handle);
    }

    /// <summary>The functions used, looked up by hand because the library's name differs by system.</summary>
    private sealed unsafe class Native(nint library)
    {
        private readonly delegate* unmanaged<nint> _createCCtx = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createCCtx");
        private readonly delegate* unmanaged<nint, nuint> _freeCCtx = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeCCtx");
        private readonly delegate* unmanaged<nint> _createDCtx = (delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "ZSTD_createDCtx");
        private readonly delegate* unmanaged<nint, nuint> _freeDCtx = (delegate* unmanaged<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeDCtx");
        private readonly delegate* unmanaged<byte*, nuint, int, nint> _createCDict = (delegate* unmanaged<byte*, nuint, int, nint>)NativeLibrary.GetExport(library, "ZSTD_createCDict");
        private readonly delegate* unmanaged<byte*, nuint, nint> _createDDict = (delegate* unmanaged<byte*, nuint, nint>)NativeLibrary.GetExport(library, "ZSTD_createDDict");
        private readonly delegate* unmanaged<nuint, nuint> _bound = (delegate* unmanaged<nuint, nuint>)NativeLibrary.GetExport(library, "ZSTD_compressBound");
        private readonly delegate* unmanaged<nuint, uint> _isError = (delegate* unmanaged<nuint, uint>)NativeLibrary.GetExport(library, "ZSTD_isError");
        private readonly delegate* unmanaged<byte*, nuint, ulong> _contentSize = (delegate* unmanaged<byte*, nuint, ulong>)NativeLibrary.GetExport(library, "ZSTD_getFrameContentSize");
        private readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint, nuint> _compress =
            (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_compress_usingCDict");
        private readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint, nuint> _decompress =
            (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_decompress_usingDDict");

        public nint CreateCCtx() => _createCCtx();

        public void FreeCCtx(nint context) => _freeCCtx(context);

        public nint CreateDCtx() => _createDCtx();

        public void FreeDCtx(nint context) => _freeDCtx(context);

        public nuint CompressBound(nuint length) => _bound(length);

        public nint CreateCDict(byte[] dictionary, nuint length, int level)
        {
            fixed (byte* pointer = dictionary)
            {
                return _createCDict(pointer, length, level);
            }
        }

        public nint CreateDDict(byte[] dictionary, nuint length)
        {
            fixed (byte* pointer = dictionary)
            {
                return _createDDict(pointer, length);
            }
        }

        /// <summary>ulong.MaxValue (-1) unknown and -2 damaged, as the library says it.</summary>
        public ulong ContentSize(ReadOnlySpan<byte> source)
        {
            fixed (byte* pointer = source)
            {
                return _contentSize(pointer, (nuint)source.Length);
            }
        }

        public int Compress(nint context, Span<byte> target, ReadOnlySpan<byte> source, nint dictionary)
        {
            fixed (byte* to = target)
            fixed (byte* from = source)
            {
                return Checked(_compress(context, to, (nuint)target.Length, from, (nuint)source.Length, dictionary));
            }
        }

        public int Decompress(nint context, Span<byte> target, ReadOnlySpan<byte> source, nint dictionary)
        {
            fixed (byte* to = target)
            fixed (byte* from = source)
            {
                return Checked(_decompress(context, to, (nuint)target.Length, from, (nuint)source.Length, dictionary));
            }
        }

        private int Checked(nuint result) => _isError(result) == 0 ? (int)result : throw new InvalidDataException("The compressed body is damaged.");
    }
}
