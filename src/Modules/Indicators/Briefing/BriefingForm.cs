using Mach.Indicators.Asking;
using Mach.Indicators.Cube;
using Mach.Indicators.Definitions;
using Mach.Indicators.Pages;
using Mach.Indicators.Plans;
using Mach.Ui;
using Mach.Ui.Print;
using static Mach.Indicators.Words;

namespace Mach.Indicators.Briefing;

/// <summary>An indicator of a briefing.</summary>
/// <param name="Glance">The period, and the same of a year before.</param>
/// <param name="Earlier">Right before the period; null where that is the year before.</param>
/// <param name="Plan">Of the year until its day; null = nothing is planned.</param>
internal sealed record BriefingLine(Glance Glance, Parts? Earlier, PlanLine? Plan);

/// <summary>The paper: what stands where. A change for the worse is red and has a star, since paper may be black and white.</summary>
internal sealed class BriefingForm(string place, Period period, DateOnly today, IReadOnlyList<BriefingLine> lines, Counted counted, bool seesPeople, bool isNothing)
{
    private static readonly Look Plain = new(8.5), Strong = new(8.5, IsBold: true), Worse = new(8.5, IsBold: true, Tone: Tone.Red), Small = new(7.5, Tone: Tone.Grey);

    public Column Build()
    {
        var column = new Column(Paper.Room);
        column.Paragraph(new(T["briefing"].ToUpperInvariant(), new(14, IsBold: true), Side: Side.Middle), withNext: true);
        column.Paragraph(new(place, new(11, IsBold: true), Side: Side.Middle), before: 4, withNext: true);
        column.Paragraph(new($"{Dates.Show(period.From)} – {Dates.Show(period.To)}", new(10), Side: Side.Middle), before: 2, withNext: true);
        column.Paragraph(new(CountedText(), Small, Side: Side.Middle), before: 2);
        if (isNothing || lines.Count == 0)
        {
            column.Paragraph(new(T[isNothing ? "no-place" : "nothing"], Plain), before: 12);
            return column;
        }

        Numbers(column);
        Plans(column);
        Notes(column);
        return column;
    }

    private string CountedText() => string.Join(" · ", new[]
    {
        $"{T["counted"]} {(counted.At is { } at ? Dates.Show(at) : "–")}",
        counted.Waiting > 0 ? T.Format("waiting", Shown.Number(counted.Waiting)) : "",
    }.Where(t => t.Length > 0));

    private void Numbers(Column column)
    {
        var hasEarlier = lines.Any(l => l.Earlier is not null);
        column.Title(T["indicators"], hasEarlier ? $"{T["previous-period"]}: {Dates.Show(period.Preceding.From)} – {Dates.Show(period.Preceding.To)}" : null);
        TableColumn[] earlier = hasEarlier ? [new(T["previous-period"], 13, Side.Right), new(T["change"], 12, Side.Right)] : [];
        column.Table(
            [new(T["indicator"], 38), new(T["value"], 13, Side.Right), .. earlier, new(T["year-before"], 14, Side.Right), new(T["change"], 12, Side.Right), new(T["target"], 11, Side.Right)],
            lines.Select(line =>
            {
                var (indicator, now) = (line.Glance.Indicator, line.Glance.Now);
                Phrase[][] before = hasEarlier ? [[Value(indicator, line.Earlier ?? default)], [Change(indicator, now, line.Earlier ?? default)]] : [];
                return (IReadOnlyList<Phrase[]>)
                [
                    [new(indicator.Name + (indicator.Unit.Length > 0 ? $" ({indicator.Unit})" : "") + (line.Glance.IsFilling ? $" – {T["filling"]}" : ""), Plain)],
                    [Value(indicator, now) with { Look = Strong }], .. before, [Value(indicator, line.Glance.Before)], [Change(indicator, now, line.Glance.Before)],
                    [new(indicator.Target is { } target ? Shown.Number(target, indicator.Digits) : "–", Plain)],
                ];
            }));
    }

    private void Plans(Column column)
    {
        var planned = lines.Where(l => l.Plan is not null).ToList();
        if (planned.Count == 0)
        {
            return;
        }

        var until = period.To < today ? period.To : today;
        column.Title(T.Format("briefing-plans", until.Year), T.Format("briefing-until", Dates.Show(until)));
        column.Table([new(T["indicator"], 38), new(T["plan"], 16, Side.Right), new(T["actual"], 16, Side.Right), new(T["attained"], 14, Side.Right), new(T["pace"], 14, Side.Right), new(T["year-end"], 16, Side.Right)],
            planned.Select(line =>
            {
                var (indicator, plan) = (line.Glance.Indicator, line.Plan!);
                var isSmall = Scope.IsSmall(indicator, plan.Rows, seesPeople);
                Phrase Part(decimal? part) => new(!isSmall && part is { } p ? Shown.Percent(p) : "–", Plain);
                return (IReadOnlyList<Phrase[]>)
                [
                    [new(indicator.Name, Plain)], [new(Shown.Short(plan.Plan!.Value, 0), Plain)], [new(isSmall ? Few(indicator) : Shown.Short(plan.Actual, 0), Strong)], [Part(plan.Attained)],
                    [plan.Pace < PlanLine.Behind && !isSmall ? Part(plan.Pace) with { Look = Worse, Text = Part(plan.Pace).Text + " *" } : Part(plan.Pace)],
                    [new(!isSmall && plan.YearEnd is { } end ? Shown.Short(end, 0) : "–", Plain)],
                ];
            }));
    }

    private void Notes(Column column)
    {
        var notes = new List<string> { T["briefing-worse"] };
        notes.AddRange(period.To >= today ? [T["briefing-unfinished"]] : []);
        notes.AddRange(lines.Any(l => l.Plan is not null) ? [T["briefing-pace"]] : []);
        notes.AddRange(!seesPeople && lines.Any(l => l.Glance.Indicator.Min > 0) ? [T["briefing-small"]] : []);
        column.End([new(0, column.Width, [.. notes.Select(n => new Phrase(n, Small))])], before: 10, after: 0);
    }

    private Phrase Value(Indicator indicator, Parts parts) => new(Shown.Value(indicator, parts, Scope.IsSmall(indicator, parts, seesPeople), isShort: true), Plain);

    private Phrase Change(Indicator indicator, Parts now, Parts before)
    {
        if (Scope.IsSmall(indicator, now, seesPeople) || Scope.IsSmall(indicator, before, seesPeople) || Shown.Change(indicator, now, before) is not { } change)
        {
            return new("–", Plain);
        }

        var text = (change > 0 ? "↑ " : change < 0 ? "↓ " : "= ") + Shown.Percent(Math.Abs(change));
        return Shown.Kind(indicator, change) == "bad" ? new(text + " *", Worse) : new(text, Plain);
    }

    private static string Few(Indicator indicator) => Shown.Value(indicator, default, isSmall: true);
}
