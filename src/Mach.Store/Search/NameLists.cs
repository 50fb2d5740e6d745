using System.Globalization;
using Mach.Fhir.Search;

namespace Mach.Store.Search;

/// <summary>
/// Lists for words of a person's name in any order, or of an address. Common words (Nguyễn, Văn, Thị) are useless alone among 200,000 people;
/// pairs of words, and words with the year of birth, are what makes short lists.
/// </summary>
internal static class NameLists
{
    /// <summary>For one value: each pair and each word with a birth year is a way of its own. For several values joined by comma: one way.</summary>
    public static IEnumerable<SearchDriver> Choices(SearchQuery query, SearchClause clause, SearchParameter parameter, IEnumerable<DateValue> dates, Func<short, string, long> hash)
    {
        var pairs = parameter.Form == SearchForm.Name ? query.Catalog.FindInternal(query.Type, "_name-pair") : null;
        var values = clause.Parsed.OfType<TextValue>().Select(v => Words(v.Folded)).Where(words => words.Length > 0).ToList();
        if (values is not [var words])
        {
            return [new SearchDriver(SearchDriver.Text, ListOrder.Text, [.. values.Select(v => Lists(parameter, pairs, v)[^1])])];
        }

        return
        [
            .. Lists(parameter, pairs, words).Select(list => new SearchDriver(SearchDriver.Text, ListOrder.Text, [list])),
            .. pairs is null ? [] : WithYear(parameter.Type, words, dates, hash),
        ];
    }

    /// <summary>A longer text is found by its first words: no more of a name are indexed.</summary>
    private static string[] Words(string folded) =>
        [.. folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(SearchText.MaxNameWords)];

    public static PostingList Beginning(SearchParameter parameter, string folded) => Range(parameter, SearchText.Cut(folded), SearchText.Last);

    private static PostingList Whole(SearchParameter parameter, string folded) => Range(parameter, SearchText.Cut(folded), "\u0001");

    public static PostingList Range(SearchParameter parameter, string text, string after) =>
        new(ListSql.Text, Position.OfText(text, 0), Position.OfText(text + after, 0), ("p", parameter.Number)) { Parameter = parameter.Number, Source = parameter.IsInternal ? null : parameter };

    /// <summary>The last word may be unfinished; the others are whole.</summary>
    private static List<PostingList> Lists(SearchParameter parameter, SearchParameter? pairs, string[] words)
    {
        var lists = new List<PostingList>();
        for (var i = 0; i < words.Length; i++)
        {
            if (pairs is null || words.Length == 1)
            {
                lists.Add(i < words.Length - 1 ? Whole(parameter, words[i]) : Beginning(parameter, words[i]));
            }

            for (var j = i + 1; pairs is not null && j < words.Length; j++)
            {
                var pair = words[i] + " " + words[j];
                lists.Add(j < words.Length - 1 ? Whole(pairs, pair) : Beginning(pairs, pair));
            }
        }

        return lists;
    }

    private static IEnumerable<SearchDriver> WithYear(string type, string[] words, IEnumerable<DateValue> dates, Func<short, string, long> hash)
    {
        var born = dates.Where(d => d.Prefix == DatePrefix.Eq).Select(d => YearOf(d.Range)).FirstOrDefault(year => year is not null);
        if (born is null || SearchParameters.FindInternal(type, "_name-year") is not { } parameter)
        {
            yield break;
        }

        foreach (var word in words[..^1])
        {
            var key = word + "|" + born;
            var list = new PostingList(ListSql.Token, Position.OfNumber(long.MinValue, 0), Position.OfNumber(long.MaxValue, 0), ("h", hash(parameter.Number, key)));
            yield return new SearchDriver(SearchDriver.Token, ListOrder.Owner, [list]);
        }
    }

    /// <summary>Birth dates are days of Viet Nam: the year is read at +07:00. Null when the interval spans years.</summary>
    private static string? YearOf(DateRange range)
    {
        var first = LocalYear(range.Low);
        return first == LocalYear(range.High - 1) ? first.ToString("0000", CultureInfo.InvariantCulture) : null;
    }

    private static int LocalYear(long microseconds) => DateTime.UnixEpoch.AddMicroseconds(microseconds).AddHours(7).Year;
}
