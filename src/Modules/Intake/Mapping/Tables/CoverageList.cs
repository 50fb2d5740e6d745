using System.Text.Json;
using Mach.Intake.Mapping.Tree;

namespace Mach.Intake.Mapping.Tables;

/// <summary>
/// The insurance cards of a visit: number, place of registration and dates stand in four fields in parallel, separated by ';'.
/// A visit without a card has one Coverage paid by the person, since a Claim needs one.
/// </summary>
internal sealed class CoverageList
{
    public const string Kind = "cov";

    /// <summary>Card number first; it decides how many cards there are.</summary>
    public static readonly string[] Fields = ["MA_THE_BHYT", "MA_DKBD", "GT_THE_TU", "GT_THE_DEN"];

    private CoverageList(string?[][] cards, string[] ids, UInt128 exact)
    {
        Cards = cards;
        Ids = ids;
        Exact = exact;
    }

    /// <summary>Per card: the parts of <see cref="Fields"/>; null where there is none.</summary>
    public string?[][] Cards { get; }

    public string[] Ids { get; }

    /// <summary>Bits of the fields whose parts joined by ';' are exactly what was sent.</summary>
    public UInt128 Exact { get; }

    public static CoverageList Split(DossierScope scope)
    {
        var row = scope.Summary;
        var parts = Array.ConvertAll(Fields, field => row[field] is { Length: > 0 } text ? text.Split(';') : []);
        var count = parts[0].Count(IsCard);
        if (count == 0)
        {
            return new CoverageList([], [scope.Id(Kind, "self")], default);
        }

        UInt128 exact = default;
        for (var f = 0; f < Fields.Length; f++)
        {
            if (parts[f].Length == count && Array.TrueForAll(parts[f], part => ReadsBack(f, part)))
            {
                exact |= UInt128.One << row.Table.IndexOf(Fields[f]);
            }
        }

        var cards = new List<string?[]>(count);
        var ids = new List<string>(count);
        for (var i = 0; i < parts[0].Length; i++)
        {
            if (IsCard(parts[0][i]))
            {
                cards.Add([.. parts.Select(p => i < p.Length ? p[i].Trim() : null)]);
                ids.Add(scope.Id(Kind, scope.Keys.Next(Kind, parts[0][i].AsSpan().Trim())));
            }
        }

        return new CoverageList([.. cards], [.. ids], exact);
    }

    private static bool IsCard(string part) => CodeForm.IsCode(part.AsSpan().Trim());

    private static bool ReadsBack(int field, string part)
    {
        if (field < 2)
        {
            return CodeForm.IsCode(part) && part.Trim().Length == part.Length;
        }

        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        var length = DateDigits.ToFhir(part, fhir);
        return length > 0 && DateDigits.FromFhir(fhir[..length]) == part;
    }

    /// <summary>The four parts of a Coverage again.</summary>
    public static string?[] Read(JsonElement coverage) =>
    [
        Text(coverage, "subscriberId"),
        coverage.TryGetProperty("extension", out var extensions) ? Text(extensions[0].GetProperty("valueReference").GetProperty("identifier"), "value") : null,
        coverage.TryGetProperty("period", out var period) ? Date(period, "start") : null,
        coverage.TryGetProperty("period", out period) ? Date(period, "end") : null,
    ];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string? Date(JsonElement element, string name) => Text(element, name) is { } text ? DateDigits.FromFhir(text) : null;
}
