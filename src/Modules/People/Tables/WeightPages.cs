using System.Globalization;
using Mach.Access;
using Mach.People.Matching;
using Mach.People.Search;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.People.Tables;

/// <summary>A version of the weight table. <see cref="Key"/> names it in addresses: microseconds of its making, 0 for the one that ships.</summary>
public sealed record WeightVersion(long Key, string Name, string By, long Pairs);

/// <summary>What one level of agreement says.</summary>
/// <param name="Match">m: how often it occurs among records of one person, 0–1.</param>
/// <param name="Household">The same among two people of one household.</param>
/// <param name="Stranger">u: the same among strangers.</param>
/// <param name="Bits">log2(m/u): weight for (positive) or against one person.</param>
public sealed record WeightLine(string Field, string Level, double Match, double Household, double Stranger, double Bits);

/// <summary>What the same part of a name says.</summary>
/// <param name="Share">Share of people who have it, 0–1.</param>
public sealed record NameLine(string Field, string Word, double Share, double Bits);

/// <summary>The weights of matching for those who want to know why: the table in force, the earlier ones, names.</summary>
internal static class WeightPages
{
    private const int Commonest = 10;
    private static readonly Field[] Parts = [Field.Family, Field.Middle, Field.Given];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people/weights", Show).WithName("ppl-weights").RequireAuthorization(Policies.DecideData);
        routes.MapGet("/people/weights.json", Download).WithName("ppl-weights-json").RequireAuthorization(Policies.DecideData);
    }

    /// <summary>404 for an unknown version.</summary>
    /// <param name="version">Key of a version; null = the one in force.</param>
    /// <param name="name">A name to look up.</param>
    internal static async Task<IResult> Show(Weights weights, long? version, string? name, CancellationToken ct)
    {
        var all = await weights.AllAsync(ct);
        var at = version is { } key ? all.ToList().FindIndex(w => w.Key == key) : 0;
        if (at < 0)
        {
            return TypedResults.NotFound();
        }

        var table = all[at].Table;
        var typed = (name ?? "").Trim() is { Length: > 0 } text ? text[..Math.Min(text.Length, 200)] : null;
        return UiModule.Page<WeightsPage>(new
        {
            Versions = (IReadOnlyList<WeightVersion>)[.. all.Select(w => new WeightVersion(w.Key, w.Table.Version, w.By, w.Table.Pairs))],
            Shown = all[at].Key,
            table.LinkBits,
            table.AskBits,
            Lines = Lines(table),
            Typed = typed,
            Names = typed is null ? Common(table) : Of(table, typed),
        });
    }

    internal static async Task<IResult> Download(Weights weights, long? version, CancellationToken ct)
    {
        var all = await weights.AllAsync(ct);
        return (version is { } key ? all.FirstOrDefault(w => w.Key == key) : all[0]) is { Table: { } table } found
            ? TypedResults.File(table.Write(), "application/json", string.Create(CultureInfo.InvariantCulture, $"mach-weights-{found.Key}.json"))
            : TypedResults.NotFound();
    }

    private static IReadOnlyList<WeightLine> Lines(WeightTable table) =>
    [
        .. from field in Enum.GetValues<Field>()
           from level in Level.Of(field)
           select new WeightLine(
               Name(field), level.Name, table.Chance(field, level.Level, PairKind.Match), table.Chance(field, level.Level, PairKind.Household), table.Chance(field, level.Level, PairKind.Stranger),
               table.Log(field, level.Level, PairKind.Match) - table.Log(field, level.Level, PairKind.Stranger)),
    ];

    private static List<NameLine> Common(WeightTable table) =>
        [.. Parts.SelectMany((field, i) => table.Names.Parts[i].OrderByDescending(p => p.Value).Take(Commonest).Select(p => Line(table, field, Written(p.Key), p.Value)))];

    private static List<NameLine> Of(WeightTable table, string typed)
    {
        var name = PersonName.Read(typed);
        var words = name.Words.Select(w => Written(w.Spelled)).ToList();
        return words.Count == 0 ? [] : [.. Parts.Where(p => p == Field.Family || words.Count > (p == Field.Middle ? 2 : 1))
            .Select(p => Line(table, p, p switch { Field.Family => words[0], Field.Given => words[^1], _ => string.Join(' ', words.Skip(1).SkipLast(1)) }, table.Names.Of(p, name, folded: name.IsToneless)))];
    }

    private static NameLine Line(WeightTable table, Field field, string word, double share) => new(Name(field), word, share, table.Log(field, Level.Same, PairKind.Match) - Math.Log2(share));

    /// <summary>A counted word has its tone last (<see cref="NameWord.Spelled"/>); here it stands on its vowel again, as on paper.</summary>
    internal static string Written(string spelled)
    {
        if (spelled.Length < 2 || CharUnicodeInfo.GetUnicodeCategory(spelled[^1]) != UnicodeCategory.NonSpacingMark)
        {
            return spelled;
        }

        var (letters, tone) = (spelled[..^1], spelled[^1]);
        // The u of "qu" and the i of "gi" before a vowel belong to the consonant.
        var start = letters.Length > 2 && (letters.StartsWith("qu", StringComparison.Ordinal) || (letters.StartsWith("gi", StringComparison.Ordinal) && IsVowel(letters[2]))) ? 2 : 0;
        var vowels = Enumerable.Range(start, letters.Length - start).Where(i => IsVowel(letters[i])).ToList();
        var marked = vowels.Where(i => "ăâêôơư".Contains(letters[i], StringComparison.Ordinal)).ToList();
        var at = vowels.Count == 0 ? letters.Length - 1 : marked.Count > 0 ? marked[^1] : vowels.Count > 1 && vowels[^1] == letters.Length - 1 ? vowels[^2] : vowels[^1];
        return Kernel.VietnameseText.Compose(letters[..(at + 1)] + tone + letters[(at + 1)..]);
    }

    private static bool IsVowel(char c) => "aăâeêioôơuưy".Contains(c, StringComparison.Ordinal);

    private static string Name(Field field) => field.ToString().ToLowerInvariant();
}
