using Mach.Data;
using Mach.Data.Sealing;
using Mach.Intake.Filing;
using Mach.Intake.Keeping;

namespace Mach.Intake.Taking;

/// <summary>Counts what becomes of an envelope's dossiers.</summary>
internal sealed class Tally(IProgress<TakeProgress>? progress, int total)
{
    private readonly List<DossierOutcome> _outcomes = [];

    public int New { get; private set; }
    public int Updated { get; private set; }
    public int Unchanged { get; private set; }
    public int Refused { get; private set; }
    /// <summary>Lines that are not written yet.</summary>
    public List<LineRow> Lines { get; } = [];

    public void Add(Filed filed)
    {
        Count(filed.Outcome.Result);
        if (filed.Line is { } line)
        {
            Lines.Add(line);
        }

        if (_outcomes.Count < Receipt.MostOutcomes)
        {
            _outcomes.Add(filed.Outcome);
        }
        else if (filed.Outcome.Result == DossierResult.Refused && _outcomes.FindLastIndex(o => o.Result != DossierResult.Refused) is var replaceable and >= 0)
        {
            _outcomes.RemoveAt(replaceable);
            _outcomes.Add(filed.Outcome);
        }

        progress?.Report(new TakeProgress(New + Updated + Unchanged + Refused, total, Refused));
    }

    /// <summary>The counts as they will be with one more result.</summary>
    public Tally With(DossierResult result)
    {
        var more = new Tally(null, total) { New = New, Updated = Updated, Unchanged = Unchanged, Refused = Refused };
        more.Count(result);
        return more;
    }

    /// <summary>Hands over the lines that are to be written.</summary>
    public IEnumerable<TableRows> TakeLines(KeyRing keys)
    {
        if (Lines.Count == 0)
        {
            return [];
        }

        var rows = LineRow.ToTable(keys, [.. Lines]);
        Lines.Clear();
        return [rows];
    }

    public Receipt ToReceipt(string id) => new()
    {
        Id = id,
        Dossiers = total,
        New = New,
        Updated = Updated,
        Unchanged = Unchanged,
        Refused = Refused,
        Outcomes = _outcomes,
    };

    private void Count(DossierResult result)
    {
        New += result == DossierResult.New ? 1 : 0;
        Updated += result == DossierResult.Updated ? 1 : 0;
        Unchanged += result == DossierResult.Unchanged ? 1 : 0;
        Refused += result == DossierResult.Refused ? 1 : 0;
    }
}
