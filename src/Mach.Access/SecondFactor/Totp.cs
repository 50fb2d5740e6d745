using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Mach.Access.SecondFactor;

/// <summary>Time-based one-time passwords: six digits of HMAC-SHA1 over the number of 30-second steps since 1970.</summary>
/// <remarks>Source: RFC 6238 §4 and RFC 4226 §5.3; SHA-1 because authenticator apps take nothing else, and HMAC does not rest on its collisions.</remarks>
internal static class Totp
{
    public const int StepSeconds = 30;
    public const int Digits = 6;

    /// <summary>Bytes of a new secret. RFC 4226 §4 R6: at least 128 bits, 160 recommended.</summary>
    public const int SecretBytes = 20;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static long StepAt(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of one time step.</summary>
    /// <param name="digits">6 to 8.</param>
    public static string Code(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[20];
#pragma warning disable CA5350 // HMAC-SHA1 is the algorithm of the RFC and of every authenticator app.
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var offset = mac[19] & 0xF;
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac[offset..]) & 0x7FFF_FFFF;
        return (number % (uint)Math.Pow(10, digits)).ToString("D" + digits, CultureInfo.InvariantCulture);
    }

    /// <summary>The step that this code is of: the current one or one either side, and later than <paramref name="lastStep"/>; null when it is of none.</summary>
    /// <remarks>RFC 6238 §5.2: one step of delay is allowed for, and a code is taken once only.</remarks>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset at, long lastStep)
    {
        var digits = new string([.. code.Where(c => !char.IsWhiteSpace(c))]);
        if (digits.Length != Digits || !digits.All(char.IsAsciiDigit))
        {
            return null;
        }

        var now = StepAt(at);
        long? found = null;
        for (var step = now - 1; step <= now + 1; step++)
        {
            // Every step is computed whether or not one fitted before, so that time tells nothing.
            var fits = CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(secret, step)), System.Text.Encoding.ASCII.GetBytes(digits));
            if (fits && step > lastStep)
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>RFC 4648 §6 base32 without padding: what people type when they cannot scan.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var bit = i * 5;
            var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[(bit / 8) + 1] : 0);
            text[i] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }

        return new string(text);
    }

    /// <summary>The address that an authenticator app reads from the picture.</summary>
    /// <remarks>Source: Key URI Format, https://github.com/google/google-authenticator/wiki/Key-Uri-Format.</remarks>
    public static string Uri(ReadOnlySpan<byte> secret, string account) =>
        $"otpauth://totp/M%E1%BA%A1ch:{System.Uri.EscapeDataString(account)}?secret={Base32(secret)}&issuer=M%E1%BA%A1ch&algorithm=SHA1&digits={Digits}&period={StepSeconds}";
}
