using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store.Search;

/// <summary>One way to find the candidates of a search: lists that together hold every match (and more), all in the same order.</summary>
/// <param name="Rank">Place in the fixed preference; below <see cref="FirstCounted"/> it is taken without counting.</param>
internal sealed record SearchDriver(int Rank, ListOrder Order, IReadOnlyList<PostingList> Lists)
{
    public const int Id = 0, Identifier = 1, PatientToken = 2, Compartment = 3, Reference = 4, BoundedDate = 5, Text = 6, Number = 7, Token = 8, Date = 9, Changes = 10, Scan = 11;
    public const int FirstCounted = Reference;

    /// <summary>The place in the lists is told by keys of the body: one resource can stand at several, and counts at the first.</summary>
    public bool NeedsKeys => Order is ListOrder.Text or ListOrder.Name or ListOrder.Value or ListOrder.Number;

    /// <summary>The parameters of the lists; null when a list has rows that only the whole extraction gives.</summary>
    public IReadOnlyList<SearchParameter>? Sources { get; } = Lists.Any(list => list.Source is null) ? null : [.. Lists.Select(list => list.Source!).Distinct()];

    /// <summary>The lists' own order is the one that is asked for.</summary>
    public bool Gives(SearchSortKey sort) => sort switch
    {
        SearchSortKey.None => true,
        SearchSortKey.Date => Order == ListOrder.Date,
        SearchSortKey.LastUpdated => Order == ListOrder.Seq,
        SearchSortKey.Id => Order == ListOrder.Id,
        _ => Order == ListOrder.Name,
    };

    /// <summary>The first place at which a version stands in these lists.</summary>
    /// <param name="keys">Of its body; looked at when <see cref="NeedsKeys"/>.</param>
    public Position PlaceOf(in ResourceRow row, IndexKeys keys) => Order switch
    {
        ListOrder.Date => Position.OfNumber(row.Date, row.Rid),
        ListOrder.Owner => Position.OfOwner(row.Pk, row.Date, row.Rid),
        ListOrder.Seq => Position.OfNumber(row.Resource.Seq, row.Rid),
        ListOrder.Id => Position.OfText(row.Resource.Id, row.Rid),
        _ => FirstOf(keys, row.Rid),
    };

    private Position FirstOf(IndexKeys keys, long rid)
    {
        if (Order == ListOrder.Value)
        {
            var low = keys.Dates.Where(d => Lists.Any(list => list.Parameter == d.Parameter && d.Low >= list.From.A && d.Low < list.To.A)).Select(d => d.Low).DefaultIfEmpty(long.MaxValue).Min();
            return Position.OfNumber(low, rid);
        }

        if (Order == ListOrder.Number)
        {
            var least = keys.Quantities
                .Where(q => Lists.Any(list => list.Parameter == q.Parameter && list.Key == q.Unit && NumberRange.Sortable(q.Value) >= list.From.A && NumberRange.Sortable(q.Value) < list.To.A))
                .Select(q => NumberRange.Sortable(q.Value)).DefaultIfEmpty(long.MaxValue).Min();
            return Position.OfNumber(least, rid);
        }

        Position? first = null;
        foreach (var (parameter, text) in keys.Strings)
        {
            var place = Position.OfText(text, rid);
            if (Lists.Any(list => list.Parameter == parameter && list.Holds(text)) && (first is null || place.CompareTo(first.Value) < 0))
            {
                first = place;
            }
        }

        return first ?? Position.OfText(SearchText.Last, rid);
    }
}
