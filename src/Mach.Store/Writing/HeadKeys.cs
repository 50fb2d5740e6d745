using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Mach.Store.Writing;

/// <summary>
/// The index keys of one head, sorted and without doubles. Encoded they are the manifest (res.keys) from which an update
/// or a delete knows exactly which index rows are there.
/// </summary>
internal sealed record HeadKeys(long[] Tokens, (long Target, short Parameter)[] References, (short Parameter, string Text)[] Strings, (short Parameter, long Low, long High)[] Dates, (long Hash, double Value)[] Quantities)
{
    public static readonly HeadKeys None = new([], [], [], [], []);

    private const byte Format = 1;

    public int Count => Tokens.Length + References.Length + Strings.Length + Dates.Length + Quantities.Length;

    /// <summary>Manifest: format, then per table a count and its rows; hashes and doubles 8 bytes, everything else as variable-length integers, reference targets as differences.</summary>
    public byte[] Encode()
    {
        var size = 32 + Tokens.Length * 8 + References.Length * 13 + Dates.Length * 23 + Quantities.Length * 16;
        foreach (var (_, text) in Strings)
        {
            size += 8 + Encoding.UTF8.GetMaxByteCount(text.Length);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var writer = new ManifestWriter(buffer);
        writer.Byte(Format);
        writer.Number(Tokens.Length);
        foreach (var hash in Tokens)
        {
            writer.Fixed(hash);
        }

        writer.Number(References.Length);
        var last = 0L;
        foreach (var (target, parameter) in References)
        {
            writer.Number(target - last);
            writer.Number(parameter);
            last = target;
        }

        writer.Number(Strings.Length);
        foreach (var (parameter, text) in Strings)
        {
            writer.Number(parameter);
            writer.Text(text);
        }

        writer.Number(Dates.Length);
        foreach (var (parameter, low, high) in Dates)
        {
            writer.Number(parameter);
            writer.Signed(low);
            writer.Signed(unchecked(high - low));
        }

        writer.Number(Quantities.Length);
        foreach (var (hash, value) in Quantities)
        {
            writer.Fixed(hash);
            writer.Fixed(BitConverter.DoubleToInt64Bits(value));
        }

        var encoded = buffer.AsSpan(0, writer.Length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return encoded;
    }

    /// <exception cref="InvalidDataException">Not a manifest.</exception>
    public static HeadKeys Decode(byte[]? manifest)
    {
        if (manifest is null)
        {
            return None;
        }

        try
        {
            return Read(manifest);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            throw new InvalidDataException("The key manifest is damaged.", e);
        }
    }

    private static HeadKeys Read(byte[] manifest)
    {
        var reader = new ManifestReader(manifest);
        if (reader.Byte() != Format)
        {
            throw new InvalidDataException("The key manifest has an unknown format.");
        }

        var tokens = new long[reader.Count()];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = reader.Fixed();
        }

        var references = new (long, short)[reader.Count()];
        var last = 0L;
        for (var i = 0; i < references.Length; i++)
        {
            last += reader.Number();
            references[i] = (last, (short)reader.Number());
        }

        var strings = new (short, string)[reader.Count()];
        for (var i = 0; i < strings.Length; i++)
        {
            strings[i] = ((short)reader.Number(), reader.Text());
        }

        var dates = new (short, long, long)[reader.Count()];
        for (var i = 0; i < dates.Length; i++)
        {
            var (parameter, low) = ((short)reader.Number(), reader.Signed());
            dates[i] = (parameter, low, unchecked(low + reader.Signed()));
        }

        var quantities = new (long, double)[reader.Count()];
        for (var i = 0; i < quantities.Length; i++)
        {
            quantities[i] = (reader.Fixed(), BitConverter.Int64BitsToDouble(reader.Fixed()));
        }

        return new HeadKeys(tokens, references, strings, dates, quantities);
    }

    private ref struct ManifestWriter(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Length { get; private set; }

        public void Byte(byte value) => _buffer[Length++] = value;

        public void Number(long value)
        {
            var rest = unchecked((ulong)value);
            while (rest >= 0x80)
            {
                Byte(unchecked((byte)(rest | 0x80)));
                rest >>= 7;
            }

            Byte((byte)rest);
        }

        public void Signed(long value) => Number(unchecked((value << 1) ^ (value >> 63)));

        public void Fixed(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_buffer[Length..], value);
            Length += 8;
        }

        public void Text(string text)
        {
            Number(Encoding.UTF8.GetByteCount(text));
            Length += Encoding.UTF8.GetBytes(text, _buffer[Length..]);
        }
    }

    private ref struct ManifestReader(ReadOnlySpan<byte> buffer)
    {
        private ReadOnlySpan<byte> _rest = buffer;

        public byte Byte()
        {
            var value = _rest[0];
            _rest = _rest[1..];
            return value;
        }

        /// <summary>A count can not exceed the bytes that are left; a damaged one must not reserve memory.</summary>
        public int Count()
        {
            var count = Number();
            return count >= 0 && count <= _rest.Length ? (int)count : throw new InvalidDataException("The key manifest is damaged.");
        }

        public long Number()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var next = Byte();
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return unchecked((long)value);
                }
            }
        }

        public long Signed()
        {
            var value = Number();
            return unchecked((long)((ulong)value >> 1) ^ -(value & 1));
        }

        public long Fixed()
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
            _rest = _rest[8..];
            return value;
        }

        public string Text()
        {
            var length = Count();
            var text = Encoding.UTF8.GetString(_rest[..length]);
            _rest = _rest[length..];
            return text;
        }
    }
}
