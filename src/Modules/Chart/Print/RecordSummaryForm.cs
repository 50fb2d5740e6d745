using System.Globalization;
using Mach.Chart.Record;
using Mach.Chart.Visits;
using Mach.Kernel;
using Mach.Ui;
using Mach.Ui.Print;
using static Mach.Chart.Words;

namespace Mach.Chart.Print;

/// <summary>The form "Tóm tắt hồ sơ bệnh án" of one visit, and below the signature what else the visit holds: medicines, results, reports.</summary>
internal sealed class RecordSummaryForm(PaperForm form, PersonCard card, VisitDetail detail, RecordSummary summary, FacilityNames facilities)
{
    private const int MostMedicines = 200, MostResults = 300;
    private static readonly Look Plain = new(10), Strong = new(10, IsBold: true), Part = new(10.5, IsBold: true), Fine = new(8.5), FineStrong = new(8.5, IsBold: true), Small = new(7.5, Tone: Tone.Grey);

    public Column Build()
    {
        var column = new Column(Paper.Room);
        Head(column);
        var values = Values();
        foreach (var part in form.Parts)
        {
            column.Paragraph(new(part.Title, Part), before: 9, withNext: true);
            Items(column, part.Items.Where(i => !i.Said || values.ContainsKey(i.Value)), values);
        }

        if (summary.Source is null)
        {
            column.Paragraph(new(T["Print.NotSent"], Small), before: 8);
        }

        Signature(column);
        Medicines(column);
        Results(column);
        Reports(column);
        return column;
    }

    private void Head(Column column)
    {
        var half = column.Width / 2;
        column.Row(
        [
            new(0, half - 8, [new(facilities.Of(detail.Visit.Facility), Strong, Side: Side.Middle), new(detail.Visit.Facility is { } code ? T.Format("Print.FacilityCode", code) : "", Small, Side: Side.Middle)]),
            new(half + 8, half - 8, [new(form.State[0], new(8.5, IsBold: true), Side: Side.Middle), new(form.State[1], Strong, Side: Side.Middle)]),
        ], withNext: true);
        column.Paragraph(new(form.Title, new(14, IsBold: true), Side: Side.Middle), before: 16, withNext: true);
    }

    private Dictionary<string, string> Values()
    {
        var (person, visit) = (card.Person, detail.Visit);
        var values = new Dictionary<string, string>(summary.Values, StringComparer.Ordinal);
        foreach (var (name, value) in new[]
        {
            ("name", person.Name.ToUpper(CultureInfo.InvariantCulture)),
            ("birth", person.Birth is { } birth ? Dates.Show(birth) : null),
            ("sex", T.Find("Sex." + person.Gender)),
            ("card", card.Insurance is [var insurance, ..] ? insurance.Number : person.Card),
            ("address", person.Address),
            ("in", Time(visit.Start)),
            ("out", Time(visit.End)),
        })
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                values[name] = value;
            }
        }

        return values;
    }

    private void Items(Column column, IEnumerable<FormItem> items, Dictionary<string, string> values)
    {
        var side = new List<Phrase>();
        void Flush()
        {
            column.Grid(side, 2);
            side.Clear();
        }

        foreach (var item in items)
        {
            var words = new Phrase(values.GetValueOrDefault(item.Value, form.Blank), item.Value == "name" ? Strong : Plain, item.Label);
            if (item.Wide)
            {
                Flush();
                column.Paragraph(words, before: 1.5);
            }
            else
            {
                side.Add(words);
            }
        }

        Flush();
    }

    private void Signature(Column column)
    {
        var half = column.Width / 2;
        var day = summary.Day is { Day: > 0 } d ? string.Format(CultureInfo.InvariantCulture, form.Day, Two(d.Day), Two(d.Month), d.Year) : form.NoDay;
        column.End(
        [
            new(half, half,
            [
                new(day, Plain, Side: Side.Middle),
                new(form.Signer, Strong, Side: Side.Middle),
                new(form.How, Small, Side: Side.Middle),
            ]),
        ], before: 14, after: 64);
    }

    private void Medicines(Column column)
    {
        if (detail.Medicines.Count == 0)
        {
            return;
        }

        column.Title(T["Print.VisitMedicines"], T.Format("Print.Lines", detail.Medicines.Count));
        column.Table([new("", 5), new(T["Print.MedicineAndDose"], 68), new(T["Print.Quantity"], 16, Side.Right), new(T["Date"], 16, Side.Right)],
            detail.Medicines.OrderBy(m => m.Date?.Low ?? DateTimeOffset.MinValue).ThenBy(m => m.Name, StringComparer.Ordinal).Take(MostMedicines).Select((m, i) => (IReadOnlyList<Phrase[]>)
            [
                [new((i + 1).ToString(CultureInfo.InvariantCulture), Fine)],
                m.Dose is { } dose ? [new(m.Name, FineStrong), new(dose, Fine)] : [new(m.Name, FineStrong)],
                [new(m.Quantity ?? "", Fine)],
                [new(m.Date is { } date ? Dates.Show(date) : "", Fine)],
            ]));
    }

    private void Results(Column column)
    {
        if (detail.Results.Count == 0)
        {
            return;
        }

        column.Title(T["Print.VisitResults"], T.Format("Print.Lines", detail.Results.Count));
        column.Table([new(T["Indicator"], 46), new(T["Value"], 26), new(T["Print.Range"], 18), new(T["Date"], 24, Side.Right)],
            detail.Results.OrderBy(r => r.Date?.Low ?? DateTimeOffset.MinValue).ThenBy(r => r.Name, StringComparer.Ordinal).Take(MostResults).Select(r => (IReadOnlyList<Phrase[]>)
            [
                [new(r.Name, Fine)],
                [ResultEvent.IsAbnormal(r.Flag) ? new($"{r.Value} {r.Unit} · {T.Find("Flag." + r.Flag) ?? r.Flag}", FineStrong with { Tone = Tone.Red }) : new($"{r.Value} {r.Unit}", FineStrong)],
                [new(r.Range ?? "", Fine)],
                [new(r.Date is { } date ? Dates.Show(date, time: true) : "", Fine)],
            ]));
    }

    private void Reports(Column column)
    {
        if (detail.Reports.Count == 0)
        {
            return;
        }

        column.Title(T["Reports"]);
        foreach (var report in detail.Reports)
        {
            column.Paragraph(new(report.Name, FineStrong), before: 3, withNext: true);
            column.Paragraph(new(report.Conclusion, Fine));
        }
    }

    private static string Two(int number) => number.ToString("00", CultureInfo.InvariantCulture);

    private static string? Time(PartialDate? at) => at is { } date ? Dates.Show(date, time: true) : null;
}
