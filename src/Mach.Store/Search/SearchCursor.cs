using System.Buffers.Binary;
using System.Text;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>Where a page ended, as the next link carries it: opaque, bound to its search by a keyed hash, and no state on the server.</summary>
/// <param name="Driver">Number of the way that found the candidates.</param>
/// <param name="Order">Of that way: the same number must still mean the same.</param>
/// <param name="Last">Position of the last match of the page.</param>
/// <param name="Since">Sequence number of the log when the first page was read.</param>
internal sealed record SearchCursor(int Driver, ListOrder Order, Position Last, long Since)
{
    private const byte Format = 2;
    private const int Fixed = 1 + 4 + 1 + 8 * 4 + 8;

    public string Write(SearchQuery query, Func<string, long> seal) => Write([query], seal);

    /// <param name="queries">Of every type that is searched.</param>
    public string Write(IReadOnlyList<SearchQuery> queries, Func<string, long> seal)
    {
        var text = Encoding.UTF8.GetBytes(Last.Text);
        var bytes = new byte[Fixed + text.Length];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), Driver);
        bytes[5] = (byte)Order;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(6), Last.A);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(14), Last.B);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(22), Last.Rid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(30), Since);
        text.CopyTo(bytes.AsSpan(Fixed));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(Fixed - 8), Seal(bytes, queries, seal));
        return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    /// <exception cref="SearchException">Not a cursor of this store, or of another search.</exception>
    public static SearchCursor Read(string cursor, SearchQuery query, Func<string, long> seal) => Read(cursor, [query], seal);

    /// <exception cref="SearchException">Not a cursor of this store, or of another search.</exception>
    public static SearchCursor Read(string cursor, IReadOnlyList<SearchQuery> queries, Func<string, long> seal)
    {
        var padded = cursor.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (cursor.Length % 4)) % 4);
        var bytes = new byte[padded.Length];
        if (cursor.Length > 4096 || !Convert.TryFromBase64String(padded, bytes, out var length) || length < Fixed || bytes[0] != Format)
        {
            throw Refused();
        }

        Array.Resize(ref bytes, length);
        var sealedAs = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(Fixed - 8));
        if (sealedAs != Seal(bytes, queries, seal))
        {
            throw Refused();
        }

        var last = new Position(
            Encoding.UTF8.GetString(bytes.AsSpan(Fixed)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(6)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(14)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(22)));
        return new SearchCursor(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1)), (ListOrder)bytes[5], last, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(30)));
    }

    private static SearchException Refused() => new("invalid", "The paging cursor is damaged or belongs to another search; start again from the first page.");

    private static long Seal(byte[] bytes, IReadOnlyList<SearchQuery> queries, Func<string, long> seal)
    {
        var text = new StringBuilder().Append(Convert.ToHexString(bytes.AsSpan(0, Fixed - 8))).Append(Convert.ToHexString(bytes.AsSpan(Fixed)));
        foreach (var query in queries)
        {
            Describe(text, query);
        }

        return seal(text.ToString());
    }

    /// <summary>All that decides what is found and in which order.</summary>
    private static void Describe(StringBuilder text, SearchQuery query)
    {
        text.Append('\n').Append(query.Type).Append('\n').Append(query.Sort)
            .Append('\n').AppendJoin(',', query.Ids).Append('\n').AppendJoin('&', query.LastUpdated).Append('\n').AppendJoin('&', query.Lists);
        foreach (var clause in query.Clauses)
        {
            text.Append('\n').AppendJoin('+', clause.Parameters.Select(p => p.Number)).Append(':').Append(clause.Modifier).Append('=').AppendJoin(',', clause.Values);
            foreach (var chain in clause.Chains)
            {
                text.Append("\n.");
                Describe(text, chain.Query);
            }
        }

        foreach (var has in query.Has)
        {
            text.Append("\n?").Append(has.Reference.Number).Append(':');
            Describe(text, has.Query);
        }
    }
}
