using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;

namespace Mach.Intake.Keeping;

/// <summary>
/// Received bytes, kept exactly and small. Base64 hides what repeats in the tables, so each base64 run is stored decoded
/// (only where encoding it again gives the same characters) and the whole is compressed.
/// </summary>
internal static class KeptBytes
{
    private const byte Format = 1;
    /// <summary>Brotli at its fastest: these bytes are written for every dossier and read for few.</summary>
    private const int Quality = 1;
    private const int Window = 18;
    private const int ShortestRun = 64;
    private static readonly SearchValues<byte> Base64Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    public static byte[] Pack(ReadOnlySpan<byte> received)
    {
        var tokens = new ArrayBufferWriter<byte>(received.Length + 64);
        WriteTokens(received, tokens);
        var raw = tokens.WrittenSpan;
        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(raw.Length) + 16);
        try
        {
            packed[0] = Format;
            var at = 1 + WriteNumber(packed.AsSpan(1), raw.Length);
            if (!BrotliEncoder.TryCompress(raw, packed.AsSpan(at), out var written, Quality, Window))
            {
                throw new InvalidOperationException("Brotli did not take the bytes.");
            }

            return packed.AsSpan(0, at + written).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <exception cref="InvalidDataException">The kept bytes are damaged.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> kept)
    {
        if (kept.Length < 2 || kept[0] != Format)
        {
            throw new InvalidDataException("Kept bytes of an unknown format.");
        }

        var at = 1;
        var length = ReadNumber(kept, ref at);
        var raw = new byte[length];
        if (!BrotliDecoder.TryDecompress(kept[at..], raw, out var written) || written != length)
        {
            throw new InvalidDataException("Kept bytes do not decompress.");
        }

        var output = new ArrayBufferWriter<byte>(length * 4 / 3 + 16);
        ReadTokens(raw, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Literal text and base64 runs in turn: length, bytes, decoded length, decoded bytes, …</summary>
    private static void WriteTokens(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> tokens)
    {
        var literalFrom = 0;
        var at = 0;
        var canonical = Array.Empty<byte>();
        while (NextRun(received, ref at, out var length))
        {
            var run = received.Slice(at, length);
            var decoded = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                if (Base64.DecodeFromUtf8(run, decoded, out _, out var count) == OperationStatus.Done && EncodesTo(decoded.AsSpan(0, count), run, ref canonical))
                {
                    WriteBlock(tokens, received[literalFrom..at]);
                    WriteBlock(tokens, decoded.AsSpan(0, count));
                    literalFrom = at + length;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(decoded);
            }

            at += length;
        }

        WriteBlock(tokens, received[literalFrom..]);
    }

    /// <summary>Moves to the next unbroken base64 run that fills an element.</summary>
    private static bool NextRun(ReadOnlySpan<byte> text, ref int at, out int length)
    {
        while (true)
        {
            length = 0;
            var open = text[at..].IndexOf((byte)'>');
            if (open < 0)
            {
                return false;
            }

            at += open + 1;
            var end = text[at..].IndexOfAnyExcept(Base64Characters);
            length = end < 0 ? text.Length - at : end;
            if (length >= ShortestRun && length % 4 == 0)
            {
                return true;
            }

            at += length;
        }
    }

    private static bool EncodesTo(ReadOnlySpan<byte> decoded, ReadOnlySpan<byte> run, ref byte[] canonical)
    {
        if (canonical.Length < run.Length)
        {
            canonical = new byte[run.Length];
        }

        return Base64.EncodeToUtf8(decoded, canonical, out _, out var written) == OperationStatus.Done && run.SequenceEqual(canonical.AsSpan(0, written));
    }

    private static void ReadTokens(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> output)
    {
        var at = 0;
        var isLiteral = true;
        while (at < raw.Length)
        {
            var length = ReadNumber(raw, ref at);
            var block = raw.Slice(at, length);
            at += length;
            if (isLiteral)
            {
                output.Write(block);
            }
            else
            {
                Base64.EncodeToUtf8(block, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(length)), out _, out var written);
                output.Advance(written);
            }

            isLiteral = !isLiteral;
        }
    }

    private static void WriteBlock(ArrayBufferWriter<byte> tokens, ReadOnlySpan<byte> block)
    {
        tokens.Advance(WriteNumber(tokens.GetSpan(5), block.Length));
        tokens.Write(block);
    }

    private static int WriteNumber(Span<byte> target, int number)
    {
        var rest = (uint)number;
        var count = 0;
        while (rest >= 0x80)
        {
            target[count++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        target[count++] = (byte)rest;
        return count;
    }

    private static int ReadNumber(ReadOnlySpan<byte> source, ref int at)
    {
        uint number = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = source[at++];
            number |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return checked((int)number);
            }
        }

        throw new InvalidDataException("A length in the kept bytes is damaged.");
    }
}
