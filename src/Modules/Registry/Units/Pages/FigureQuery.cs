using Mach.Contracts.Registry;

namespace Mach.Registry.Units.Pages;

/// <summary>The question that the page of figures is asked, from its address; what cannot be read is said and its default stands.</summary>
/// <param name="By">date, or the name of a named boundary.</param>
/// <param name="On">Day of the boundary when <paramref name="By"/> is date.</param>
/// <param name="Level">province, district or commune.</param>
/// <param name="KnownOn">Day in Vietnam at whose end it is known; null = now.</param>
public sealed record FigureQuery(DateOnly Date, string By, DateOnly On, string Level, DateOnly? KnownOn)
{
    public const string ByDate = "date";
    public static readonly IReadOnlyList<string> Levels = ["commune", "district", "province"];

    public DateTimeOffset? KnownAt => new UnitQuery(Date, KnownOn).KnownAt;

    public FigureQuestion Question => new(Date, By == ByDate ? Boundary.AsOf(On) : Boundary.Named(By), Level switch { "province" => UnitLevel.Province, "district" => UnitLevel.District, _ => UnitLevel.Commune });

    /// <summary>The part of an address that asks the same.</summary>
    public string Suffix => $"?date={UnitQuery.Iso(Date)}&by={By}&on={UnitQuery.Iso(On)}&level={Level}" + (KnownOn is { } known ? "&known=" + UnitQuery.Iso(known) : "");

    internal static FigureQuery Read(string? date, string? by, string? on, string? level, string? known, DateOnly today, List<Problem> problems)
    {
        DateOnly? Day(string name, string? text)
        {
            if (!string.IsNullOrWhiteSpace(text) && UnitQuery.Day(text) is null)
            {
                problems.Add(new Problem(name, $"'{Short(text)}' không phải ngày như 31/12/2026.", $"'{Short(text)}' is no date such as 31/12/2026."));
            }

            return UnitQuery.Day(text);
        }

        string OneOf(string name, string? text, IEnumerable<string> known)
        {
            if (string.IsNullOrEmpty(text) || known.Contains(text))
            {
                return string.IsNullOrEmpty(text) ? known.First() : text;
            }

            problems.Add(new Problem(name, $"Không có lựa chọn '{Short(text)}'; chọn một trong: {string.Join(", ", known)}.", $"There is no choice '{Short(text)}'; take one of {string.Join(", ", known)}."));
            return known.First();
        }

        var day = Day("date", date) ?? today;
        return new FigureQuery(day, OneOf("by", by, [ByDate, .. Boundary.Names]), Day("on", on) ?? day, OneOf("level", level, Levels), Day("known", known));
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
