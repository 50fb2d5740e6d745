using Mach.Contracts.Registry;

namespace Mach.Registry.Units.Pages;

/// <summary>The address of the page of figures, as it came.</summary>
public sealed record FigureAsked(string? Date, string? By, string? On, string? Level, string? Known, string? Beside);

/// <summary>The question that the page of figures is asked, from its address; what cannot be read is said and its default stands.</summary>
/// <param name="By">date, or the name of a named boundary.</param>
/// <param name="On">Day of the boundary when <paramref name="By"/> is date.</param>
/// <param name="Level">province, district or commune.</param>
/// <param name="KnownOn">Day in Vietnam at whose end it is known; null = now.</param>
/// <param name="Beside">Name of the boundary whose units stand under each line as its parts; "" = none.</param>
public sealed record FigureQuery(DateOnly Date, string By, DateOnly On, string Level, DateOnly? KnownOn, string Beside = "")
{
    public const string ByDate = "date";
    public static readonly IReadOnlyList<string> Levels = ["commune", "district", "province"];

    public DateTimeOffset? KnownAt => new UnitQuery(Date, KnownOn).KnownAt;

    public FigureQuestion Question => new(Date, By == ByDate ? Boundary.AsOf(On) : Boundary.Named(By), Level switch { "province" => UnitLevel.Province, "district" => UnitLevel.District, _ => UnitLevel.Commune });

    /// <summary>The part of an address that asks the same.</summary>
    public string Suffix => $"?date={UnitQuery.Iso(Date)}&by={By}&on={UnitQuery.Iso(On)}&level={Level}" + (KnownOn is { } known ? "&known=" + UnitQuery.Iso(known) : "") + (Beside.Length > 0 ? "&beside=" + Beside : "");

    internal static FigureQuery Read(FigureAsked asked, DateOnly today, List<Problem> problems)
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

        var day = Day("date", asked.Date) ?? today;
        return new FigureQuery(day, OneOf("by", asked.By, [ByDate, .. Boundary.Names]), Day("on", asked.On) ?? day, OneOf("level", asked.Level, Levels), Day("known", asked.Known), string.IsNullOrEmpty(asked.Beside) ? "" : OneOf("beside", asked.Beside, Boundary.Names));
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
