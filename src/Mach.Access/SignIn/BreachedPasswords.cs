using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mach.Access.SignIn;

/// <summary>
/// Passwords that are known from breaches elsewhere, by their SHA-1: a text file whose lines begin with 40 hexadecimal digits in upper case, in ascending order, whatever follows them
/// on the line (the form in which such lists are published: <c>HASH:COUNT</c>). It is searched where it lies, about 35 reads for a billion lines, and never loaded; no password and no
/// hash of one leaves this machine.
/// </summary>
/// <remarks>Source: OWASP ASVS 5.0 V6.2.12.</remarks>
public sealed class BreachedPasswords
{
    private const int HashDigits = 40, LongestLine = 256;
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEF"u8);
    private readonly string _path;

    /// <exception cref="IOException">The file is not there, or cannot be read.</exception>
    /// <exception cref="FormatException">It is none of such hashes, or they do not ascend.</exception>
    public BreachedPasswords(string path)
    {
        _path = path;
        using var file = Open();
        var length = RandomAccess.GetLength(file);
        var first = LineAt(file, 0, length) ?? throw new FormatException($"{path} is empty.");
        var last = first;
        for (var part = 1; part <= 16; part++)
        {
            // Sixteen looks into it, in order: what was sorted otherwise is found out here and not by a password that is let through.
            if (LineAt(file, NextLine(file, length / 16 * part - Math.Min(length / 16 * part, LongestLine), length), length) is { } line)
            {
                last = string.CompareOrdinal(line, last) >= 0 ? line : throw new FormatException($"{path} is not in ascending order of its hashes.");
            }
        }
    }

    /// <summary>True when this password is known.</summary>
    public bool Has(string password)
    {
#pragma warning disable CA5350 // SHA-1 is the form in which the lists are published; nothing is protected by it.
        var wanted = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
        using var file = Open();
        var length = RandomAccess.GetLength(file);
        // Between: offsets of which the first line that begins at or after them may be the wanted one.
        var (low, high) = (0L, length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var start = NextLine(file, middle, length);
            var order = start >= length || LineAt(file, start, length) is not { } line ? 1 : string.CompareOrdinal(line, wanted);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (start + 1, high) : (low, middle);
        }

        return false;
    }

    private SafeFileHandle Open() => File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);

    /// <summary>Where the first line begins that begins at this offset or after it; the length when none does.</summary>
    private static long NextLine(SafeFileHandle file, long at, long length)
    {
        if (at == 0)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[LongestLine];
        var read = RandomAccess.Read(file, bytes, at - 1);
        var end = bytes[..read].IndexOf((byte)'\n');
        return end >= 0 ? Math.Min(at + end, length) : read < LongestLine ? length : throw new FormatException("A line of the list of breached passwords is too long.");
    }

    /// <summary>The hash with which the line begins; null at the end of the file.</summary>
    private string? LineAt(SafeFileHandle file, long start, long length)
    {
        if (start >= length)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[HashDigits];
        var read = RandomAccess.Read(file, bytes, start);
        var isHash = read == HashDigits && !bytes.ContainsAnyExcept(HexDigits);
        return isHash ? Encoding.ASCII.GetString(bytes) : throw new FormatException($"{_path} has a line that does not begin with 40 hexadecimal digits in upper case.");
    }
}
