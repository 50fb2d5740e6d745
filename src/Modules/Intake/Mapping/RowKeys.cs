using System.Globalization;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Mapping;

/// <summary>
/// Short names for rows that stay the same when a dossier is sent again corrected: a hash of what names the row
/// (codes and names; never times, values or STT, which get corrected) and its number among equal ones.
/// </summary>
internal sealed class RowKeys
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private readonly Dictionary<(string Kind, ulong Hash), int> _seen = [];

    /// <summary>Eight characters from the named fields, and <c>-2</c>, <c>-3</c> … for repeated ones of the same kind.</summary>
    public string Next(string kind, DossierRow row, params ReadOnlySpan<string> fields)
    {
        var hash = 14695981039346656037UL;
        foreach (var field in fields)
        {
            hash = Add(hash, row[field].AsSpan().Trim());
        }

        return Number(kind, hash);
    }

    /// <summary>The same from one text.</summary>
    public string Next(string kind, ReadOnlySpan<char> key) => Number(kind, Add(14695981039346656037UL, key));

    private static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * 1099511628211UL);
        }

        return unchecked((hash ^ 0x1F) * 1099511628211UL);
    }

    private string Number(string kind, ulong hash)
    {
        unchecked
        {
            hash ^= hash >> 33;
            hash *= 0xFF51AFD7ED558CCDUL;
            hash ^= hash >> 33;
        }

        hash &= (1UL << 40) - 1;
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_seen, (kind, hash), out _);
        count++;
        Span<char> name = stackalloc char[24];
        for (var i = 0; i < 8; i++)
        {
            name[i] = Alphabet[(int)(hash >> (i * 5)) & 31];
        }

        if (count == 1)
        {
            return name[..8].ToString();
        }

        name[8] = '-';
        count.TryFormat(name[9..], out var digits, default, CultureInfo.InvariantCulture);
        return name[..(9 + digits)].ToString();
    }
}
