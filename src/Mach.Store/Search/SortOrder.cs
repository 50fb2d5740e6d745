using System.Globalization;
using System.Text;
using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store.Search;

/// <summary>The order that a query asks for, over resources that were all found first. Resources without a value stand at the beginning, or at the end when it is turned around.</summary>
internal sealed class SortOrder(SearchQuery query) : IComparer<Position>
{
    private const char Between = '\u0001';
    private const int MaxChars = 100;

    private readonly IndexKeys _keys = new();

    public Position PlaceOf(ResourceRow row)
    {
        using var document = JsonDocument.Parse(row.Resource.Body);
        var text = new StringBuilder();
        foreach (var sort in query.Sorts)
        {
            if (text.Length > 0 || sort != query.Sorts[0])
            {
                text.Append(Between);
            }

            var key = KeyOf(row, document.RootElement, sort).Replace(Between, ' ').Replace('\0', ' ');
            text.Append(key.Length <= MaxChars ? key : key[..(char.IsHighSurrogate(key[MaxChars - 1]) ? MaxChars - 1 : MaxChars)]);
        }

        return Position.OfText(text.ToString(), row.Rid);
    }

    public int Compare(Position x, Position y)
    {
        var (a, b) = (x.Text.Split(Between), y.Text.Split(Between));
        for (var i = 0; i < query.Sorts.Count && i < Math.Min(a.Length, b.Length); i++)
        {
            var order = Position.CompareText(a[i], b[i]);
            if (order != 0)
            {
                return query.Sorts[i].Descending ? -order : order;
            }
        }

        return x.Rid.CompareTo(y.Rid);
    }

    private string KeyOf(ResourceRow row, JsonElement resource, SearchSort sort)
    {
        switch (sort.Key)
        {
            case SearchSortKey.Date:
                return Padded(row.Date);
            case SearchSortKey.LastUpdated:
                return Padded(row.Resource.Seq);
            case SearchSortKey.Id:
                return row.Resource.Id;
            case SearchSortKey.Name:
                IndexExtractor.Extract(resource, _keys, query.Catalog);
                var whole = query.Catalog.FindInternal(query.Type, "_name-full")!.Number;
                return _keys.Strings.Find(s => s.Parameter == whole).Text ?? "";
            default:
                return SortText.Of(resource, sort);
        }
    }

    /// <summary>Sixteen digits whose order as text is that of the numbers.</summary>
    internal static string Padded(long number) => unchecked((ulong)number ^ 0x8000_0000_0000_0000).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The number of sixteen such digits.</summary>
    internal static long Number(string padded) => unchecked((long)(ulong.Parse(padded, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) ^ 0x8000_0000_0000_0000));
}

/// <summary>The value of a parameter as a text to sort by: the least one ascending, the greatest descending.</summary>
internal static class SortText
{
    public static string Of(JsonElement resource, SearchSort sort)
    {
        string? best = null;
        foreach (var element in SearchMatcher.Elements(resource, sort.Parameter!))
        {
            if (TextOf(element, sort.Parameter!, sort.Descending) is { Length: > 0 } text)
            {
                var order = best is null ? 0 : Position.CompareText(text, best);
                best = best is null || (sort.Descending ? order > 0 : order < 0) ? text : best;
            }
        }

        return best ?? "";
    }

    private static string? TextOf(JsonElement element, SearchParameter parameter, bool last)
    {
        switch (parameter.Kind)
        {
            case SearchKind.Date:
                return DateRange.TryRead(element, out var date) ? SortOrder.Padded(last ? date.High : date.Low) : null;
            case SearchKind.Quantity or SearchKind.Number:
                return QuantityRange.TryRead(element, out var number) ? SortOrder.Padded(NumberRange.Sortable(last ? number.High : number.Low)) : null;
            case SearchKind.String:
                return SearchText.Fold(string.Join(' ', SearchMatcher.Readable(element)));
            case SearchKind.Reference:
                return ReferenceText.TryTarget(element, out var type, out var id) ? type + "/" + id : Plain(element, "reference"u8);
            default:
                return Coded(element);
        }
    }

    private static string? Coded(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("coding"u8, out var codings) && codings.ValueKind == JsonValueKind.Array)
        {
            foreach (var coding in codings.EnumerateArray())
            {
                return Plain(coding, "code"u8);
            }
        }

        return Plain(element, "code"u8) ?? Plain(element, "value"u8);
    }

    private static string? Plain(JsonElement element, ReadOnlySpan<byte> name) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Object when element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String => value.GetString(),
        _ => null,
    };
}
