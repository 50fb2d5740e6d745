using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Kernel;
using Mach.Ui;
using Mach.Ui.Print;
using static Mach.Chart.Words;

namespace Mach.Chart.Print;

/// <summary>The sixty-second summary of a record on paper: who, allergies, problems, current medicines, vital signs, what was called abnormal, the last visits; each with its facility and day.</summary>
internal sealed class SummaryForm(PersonRecord record, FacilityNames facilities, DateOnly today)
{
    private const int MostProblems = 40, MostOthers = 8, MostMedicines = 60, MostVitals = 8, MostAbnormal = 30, MostVisits = 8;

    /// <summary>Wide enough for a day in tables whose shares are about a hundred.</summary>
    private const double DayShare = 15;
    private static readonly Look Plain = new(8.5), Strong = new(8.5, IsBold: true), Small = new(7.5, Tone: Tone.Grey), Warning = new(9.5, IsBold: true, Tone: Tone.Red);

    public Column Build(ClinicalSummary clinical)
    {
        var column = new Column(Paper.Room);
        Who(column);
        Problems(column, clinical.Problems);
        Medicines(column, clinical.Medicines);
        Results(column, T["Print.Vitals"], [.. clinical.Results.Vitals.Take(MostVitals)], T["Print.NoVitals"]);
        Results(column, T["Print.Abnormal"], [.. clinical.Results.Vitals.Concat(clinical.Results.Laboratory).Where(l => ResultEvent.IsAbnormal(l.Latest.Flag)).Take(MostAbnormal)], T["Print.NoAbnormal"]);
        Visits(column, record.TimeLine);
        column.End([new(0, column.Width, [new(T["Print.Note"], Small)])], before: 10, after: 0);
        return column;
    }

    private void Who(Column column)
    {
        var p = record.Card.Person;
        column.Paragraph(new(T["Print.Summary"].ToUpperInvariant(), new(14, IsBold: true), Side: Side.Middle), withNext: true);
        column.Paragraph(new(p.Name, new(13, IsBold: true)), before: 10, withNext: true);
        column.Grid(
        [
            new(T.Find("Sex." + p.Gender) ?? T["Unknown"], Strong, T["Sex"]),
            new(p.Birth is { } birth ? Dates.Show(birth) + (p.Deceased ? "" : $" ({Dates.Age(birth, today)})") : T["Unknown"], Strong, T["Birth"]),
            new(p.NationalIdEnd is null ? T["NotKnown"] : "•••• " + p.NationalIdEnd, Strong, T["NationalId"]),
            new(Insurance(), Strong, T["Insurance"]),
            new(p.Phone ?? T["NotKnown"], Strong, T["Phone"]),
            new(record.Card.BloodGroup ?? T["NotKnown"], Strong, T["BloodGroup"]),
        ], 2);
        column.Grid([new(p.Address ?? T["NotKnown"], Strong, T["Address"])], 1);
        if (p.Deceased)
        {
            column.Paragraph(new($"{T["Deceased"]} {(record.Card.DeceasedAt is { } at ? Dates.Show(at) : "")}", Warning), before: 4);
        }

        var allergies = record.Card.Allergies.Where(a => !a.IsNone).ToList();
        column.Paragraph(allergies.Count == 0 ? new(T[record.Card.Allergies.Count == 0 ? "NoAllergies" : "NoKnownAllergies"], Strong) : new(string.Join("; ", allergies.Select(Allergy)), Warning, T["Allergies"] + ":"), before: 6);
    }

    private static string Allergy(AllergyLine allergy) => allergy.Reaction is null ? allergy.Text : $"{allergy.Text} ({allergy.Reaction})";

    private string Insurance()
    {
        if (record.Card.Insurance is not [var card, ..])
        {
            return record.Card.Person.Card ?? T["NoInsurance"];
        }

        var until = card.To is { } to ? T.Format(card.IsValid == false ? "ExpiredOn" : "ValidUntil", Dates.Show(to)) : null;
        return until is null ? card.Number : $"{card.Number} ({until})";
    }

    private void Problems(Column column, ProblemList list)
    {
        List<Problem> shown = [.. list.Lasting.Count > 0 ? list.Lasting.Take(MostProblems) : list.Other.Take(MostOthers)];
        var left = (list.Lasting.Count > 0 ? list.Lasting.Count : list.Other.Count) - shown.Count;
        Part(column, T["Problems"], shown.Count == 0 ? T["NoProblems"] : null, left);
        column.Table([new(T["Print.Code"], 9), new(T["Print.Diagnosis"], 40), new(T["Print.Seen"], 28), new(T["Facility"], 30)],
            shown.Select(p => (IReadOnlyList<Phrase[]>)
            [
                [new(p.Code, Plain)],
                [new(p.Text, Strong)],
                [new(Seen(p), Plain)],
                [new(Places(p.Facilities), Plain)],
            ]));
    }

    private static string Seen(Problem problem) => problem switch
    {
        { Times: > 1, First: { } first, Last: { } last } => $"{Month(first)} – {Month(last)} ({T.Format("Times", problem.Times)})",
        { Last: { } last } => Dates.Show(last),
        _ => T["UnknownDate"],
    };

    private string Places(IReadOnlyList<string> codes) => codes.Count == 0 ? "" : facilities.Of(codes[0]) + (codes.Count > 1 ? $" +{codes.Count - 1}" : "");

    private void Medicines(Column column, MedicineList list)
    {
        var shown = list.Current.Take(MostMedicines).ToList();
        Part(column, T["Print.Medicines"], shown.Count > 0 ? null : list.Recent.Count + list.Earlier.Count > 0 ? T["NoCurrentMedicines"] : T["NoMedicines"], list.Current.Count - shown.Count);
        column.Table([new(T["Print.MedicineAndDose"], 44), new(T["Print.Quantity"], 20), new(T["Date"], DayShare), new(T["Facility"], 28)],
            shown.Select(m => (IReadOnlyList<Phrase[]>)
            [
                m.Latest.Dose is { } dose ? [new(m.Latest.Name, Strong), new(dose, Plain)] : [new(m.Latest.Name, Strong)],
                [new(string.Join(" · ", new[] { m.Latest.Quantity, m.Latest.Days is { } days ? T.Format("Days", days) : null }.OfType<string>()), Plain)],
                [new(Day(m.Latest.Date), Plain)],
                [new(facilities.Of(m.Latest.Facility), Plain)],
            ]));
    }

    private void Results(Column column, string title, List<ResultLine> lines, string none)
    {
        Part(column, title, lines.Count == 0 ? none : null, 0);
        column.Table([new(T["Indicator"], 27), new(T["Value"], 20), new(T["Print.Range"], 18), new(T["Date"], DayShare), new(T["Facility"], 34)],
            lines.Select(l => (IReadOnlyList<Phrase[]>)
            [
                [new(l.Latest.Name, Plain)],
                [ResultEvent.IsAbnormal(l.Latest.Flag) ? new($"{l.Latest.Value} {l.Latest.Unit} · {T.Find("Flag." + l.Latest.Flag) ?? l.Latest.Flag}", Strong with { Tone = Tone.Red }) : new($"{l.Latest.Value} {l.Latest.Unit}", Strong)],
                [new(l.Latest.Range ?? "", Plain)],
                [new(Day(l.Latest.Date), Plain)],
                [new(facilities.Of(l.Latest.Facility), Plain)],
            ]));
    }

    private void Visits(Column column, TimeLine line)
    {
        var shown = line.Lines.Take(MostVisits).ToList();
        Part(column, T["Print.Visits"], shown.Count == 0 ? T["NoVisits"] : null, line.Total - shown.Count);
        column.Table([new(T["Date"], DayShare), new(T["Kind"], 14), new(T["Print.MainDiagnosis"], 46), new(T["Facility"], 30)],
            shown.Select(v => (IReadOnlyList<Phrase[]>)
            [
                [new(Day(v.Visit.Start), Plain)],
                [new(T.Find("Kind." + v.Visit.Class) ?? v.Visit.Type ?? "", Plain)],
                [new(v.MainDiagnosis is null ? v.Visit.Type ?? "" : $"{v.MainCode} {v.MainDiagnosis}{(v.OtherDiagnoses > 0 ? $" +{v.OtherDiagnoses}" : "")}", Plain)],
                [new(facilities.Of(v.Visit.Facility), Plain)],
            ]));
    }

    /// <summary>A title, and in place of an empty table a sentence; what is not printed is counted beside the title.</summary>
    private static void Part(Column column, string title, string? empty, int left)
    {
        column.Title(title, left > 0 ? T.Format("Print.More", left) : null);
        if (empty is not null)
        {
            column.Paragraph(new(empty, Small));
        }
    }

    private static string Day(PartialDate? date) => date is { } d ? Dates.Show(d) : T["UnknownDate"];

    private static string Month(PartialDate date) => Dates.Show(date with { Day = 0 });
}
