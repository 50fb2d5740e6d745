using System.Globalization;
using Mach.Kernel;
using Mach.Vietnam.Bhyt.Reading;

namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>One run of the checks over one dossier: what is known about it, and what was found.</summary>
internal sealed class CheckContext
{
    /// <summary>A fault of the sender's system repeats on every row; more of the same helps nobody.</summary>
    private const int MaxOfAKind = 20;

    private readonly Dictionary<(string Rule, string? Table, string? Field), int> _kinds = [];

    public CheckContext(Dossier dossier, DateOnly today)
    {
        Dossier = dossier;
        Today = today;
        Summary = dossier.Summary;
        Day = dossier.Day ?? today;
        Sex = Summary.Get("GIOI_TINH") switch { "1" => 1, "2" => 2, _ => 0 };
        Birth = PartialDate.TryParseBirthDigits(Summary["NGAY_SINH"], out var birth) ? birth : null;
        Arrived = Moment(Summary, "NGAY_VAO");
        Left = Moment(Summary, "NGAY_RA");
    }

    public Dossier Dossier { get; }
    public DateOnly Today { get; }
    /// <summary>The day that decides lists and shapes.</summary>
    public DateOnly Day { get; }
    public DossierRow Summary { get; }
    /// <summary>1 male, 2 female, 0 unknown.</summary>
    public int Sex { get; }
    public PartialDate? Birth { get; }
    /// <summary>NGAY_VAO when it is a whole date.</summary>
    public PartialDate? Arrived { get; }
    /// <summary>NGAY_RA when it is a whole date.</summary>
    public PartialDate? Left { get; }
    public List<Finding> Findings { get; } = [];

    public string? KindOfCare => Summary.Get("MA_LOAI_KCB");

    public List<DossierRow> Rows(string table) => Dossier[table]?.Rows ?? [];

    public static PartialDate? Moment(DossierRow row, string field) =>
        PartialDate.TryParseDigits(row[field], out var moment) && moment.Day > 0 ? moment : null;

    /// <summary>Tells of a value of a row.</summary>
    /// <param name="vi">What is wrong, what was expected and what to do; the place is written before it.</param>
    /// <param name="en">The same in English.</param>
    public void Add(CheckRule rule, DossierRow row, string field, string vi, string en) =>
        Add(rule, row.Table.Name, row.Position, row.Table, field, row[field], vi, en);

    /// <summary>Tells of a whole table, or of one that is missing.</summary>
    public void Add(CheckRule rule, string table, string vi, string en) => Add(rule, table, 0, null, null, null, vi, en);

    private void Add(CheckRule rule, string table, int row, BhytTable? shape, string? field, string? value, string vi, string en)
    {
        var kind = (rule.Id, table, field);
        var count = _kinds.GetValueOrDefault(kind);
        _kinds[kind] = count + 1;
        if (count >= MaxOfAKind)
        {
            return;
        }

        var culture = CultureInfo.InvariantCulture;
        var definition = shape is not null && field is not null && shape.IndexOf(field) is var i and >= 0 ? shape.Fields[i] : null;
        var shown = string.IsNullOrWhiteSpace(value) ? "" : $" = \"{Short(value)}\"";
        Findings.Add(new Finding
        {
            Rule = rule.Id,
            Severity = rule.Severity,
            Dossier = Dossier.Position,
            Table = table,
            Row = row,
            Field = field,
            Value = value is null ? null : Refusals.Cut(value),
            Vi = string.Create(culture, $"Hồ sơ {Dossier.Position}, {table}{(row > 0 ? string.Create(culture, $" dòng {row}") : "")}{(field is null ? "" : $", {field}")}{(definition is null ? "" : $" ({definition.Vi})")}{shown}: {vi}"),
            En = string.Create(culture, $"Dossier {Dossier.Position}, {table}{(row > 0 ? string.Create(culture, $" row {row}") : "")}{(field is null ? "" : $", {field}")}{(definition is null ? "" : $" ({definition.En})")}{shown}: {en}"),
        });
    }

    private static string Short(string value) => value.Length <= 60 ? value : string.Concat(Refusals.Cut(value).AsSpan(0, 57), "…");
}
