using System.Globalization;
using System.Text.Json;

namespace Mach.Indicators.Sheets;

/// <summary>The wording of a report on paper, as data: Data/report-form.json. An official form has one language, so it is Vietnamese whatever the pages are in.</summary>
internal sealed record SheetForm
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<SheetForm> s_shipped = new(Load);

    /// <summary>The regulation that it follows.</summary>
    public required string Basis { get; init; }

    /// <summary>The state's name and motto.</summary>
    public required IReadOnlyList<string> State { get; init; }

    /// <summary>Who issues the numbers of the whole province, below whom it is.</summary>
    public required IReadOnlyList<string> Department { get; init; }

    /// <summary>Whom a facility is below.</summary>
    public required string Above { get; init; }
    public required string Form { get; init; }
    public required string Indicator { get; init; }
    public required string Plan { get; init; }
    public required string Period { get; init; }
    public required string Order { get; init; }
    public required string Least { get; init; }
    public required string Most { get; init; }
    public required string Nothing { get; init; }
    public required string Notes { get; init; }
    public required string Definition { get; init; }
    public required string Counted { get; init; }
    public required string Map { get; init; }

    /// <summary>"{0}, day {1} month {2} year {3}".</summary>
    public required string Day { get; init; }
    public required string Place { get; init; }

    /// <summary>Who signs, from left to right: the office, and how.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Signers { get; init; }

    public static SheetForm Shipped => s_shipped.Value;

    /// <summary>The language of the form.</summary>
    public static CultureInfo Language { get; } = new("vi");

    /// <summary>A day below ten, January and February have a nought before them. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, mục 4.</summary>
    public string PlaceAndDay(DateOnly day) => Fill(Day, Place, day.Day.ToString("00", CultureInfo.InvariantCulture), day.Month.ToString(day.Month < 3 ? "00" : "0", CultureInfo.InvariantCulture), day.Year);

    public static string Fill(string words, params object?[] values) => string.Format(CultureInfo.InvariantCulture, words, values);

    private static SheetForm Load()
    {
        using var stream = typeof(SheetForm).Assembly.GetManifestResourceStream("report-form.json") ?? throw new InvalidOperationException("The form of reports is not in the assembly.");
        return JsonSerializer.Deserialize<SheetForm>(stream, Json)!;
    }
}
