using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mach.Store.Reading;

/// <summary>Place in a walk over several records: "which records ~ number of the record ~ place in it". In the first record only the place stands, so that a link made or taken apart while somebody reads it does no harm.</summary>
internal static class EverythingCursor
{
    /// <param name="inner">Place in the record; null = its beginning.</param>
    public static string? Write(List<long> foci, int at, string? inner) =>
        at == 0 ? inner : string.Create(CultureInfo.InvariantCulture, $"{Print(foci)}~{at}~{inner}");

    /// <exception cref="ArgumentException">The records are linked otherwise than when the cursor was given, or it is none of ours.</exception>
    public static (int At, string? Inner) Parse(string? cursor, List<long> foci)
    {
        if (cursor is null || !cursor.Contains('~'))
        {
            return (0, cursor);
        }

        return cursor.Split('~') is [var print, var number, var inner] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at > 0
            ? print == Print(foci) && at < foci.Count ? (at, inner.Length > 0 ? inner : null)
                : throw new ArgumentException("The records of this person are linked otherwise than when the first page was read; start again from the first page.")
            : throw new ArgumentException("The paging cursor is damaged; start again from the first page.");
    }

    private static string Print(List<long> foci) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(foci))).AsSpan(0, 6));
}
