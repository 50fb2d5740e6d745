using System.Security.Cryptography;
using System.Text;

namespace Mach.Kernel;

/// <summary>FHIR ids: new ones, and ids derived from what they name.</summary>
public static class Ids
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A new time-ordered UUID (version 7), lower case, 36 characters.</summary>
    public static string New() => Guid.CreateVersion7().ToString();

    /// <summary>16 characters of Crockford base 32 (80 bits of SHA-256) that follow from <paramref name="parts"/> alone; parts are joined with a unit separator.</summary>
    public static string Derive(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[512];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetMaxByteCount(part.Length) <= buffer.Length
                ? buffer[..Encoding.UTF8.GetBytes(part, buffer)]
                : Encoding.UTF8.GetBytes(part);
            hash.AppendData(bytes);
            hash.AppendData([0x1F]);
        }

        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return string.Create(16, (digest[0], BitConverter.ToUInt64(digest[..8]), BitConverter.ToUInt64(digest[8..16])), static (chars, seed) =>
        {
            var (_, a, b) = seed;
            for (var i = 0; i < 12; i++)
            {
                chars[i] = Alphabet[(int)(a & 31)];
                a >>= 5;
            }

            for (var i = 12; i < 16; i++)
            {
                chars[i] = Alphabet[(int)(b & 31)];
                b >>= 5;
            }
        });
    }
}
