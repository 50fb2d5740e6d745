using System.Globalization;
using Dapper;
using Mach.Data;
using Mach.Registry.Units;

namespace Mach.Registry.Ledgers;

/// <summary>reg_succession: the arms of succession events with their shares in columns of their own.</summary>
internal static class SuccessionTable
{
    public static async Task<Ledger> ReadAsync(Db db, Ledger known, long seen, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return known.With((await connection.QueryAsync<ArmRow>(new CommandDefinition(Select, new { seen }, cancellationToken: ct))).Select(r => r.ToFact()));
    }

    public static IEnumerable<TableRows> Rows(LedgerDraft draft)
    {
        var facts = draft.Closed.Concat(draft.Opened).ToList();
        if (facts.Count > 0)
        {
            yield return new TableRows(
                "reg_succession",
                [
                    ("fact", ColumnType.Text), ("event", ColumnType.Text), ("event_date", ColumnType.Text), ("legal_ref", ColumnType.Text), ("from_unit", ColumnType.Text), ("to_unit", ColumnType.Text),
                    ("kind", ColumnType.Text), ("share_pop", ColumnType.Text), ("share_area", ColumnType.Text), ("valid_to", ColumnType.Text),
                    ("known_from", ColumnType.BigInt), ("known_to", ColumnType.BigInt), ("opened_by", ColumnType.BigInt), ("closed_by", ColumnType.BigInt),
                ],
                [.. facts.Select(Row)],
                ["fact"]);
        }
    }

    private static object?[] Row(Fact fact)
    {
        var arm = Succession.Read(fact);
        return
        [
            fact.Id, arm.Event, LedgerTable.Iso(arm.Date), arm.LegalRef, arm.From, arm.To, arm.Kind, arm.SharePop?.ToString(CultureInfo.InvariantCulture), arm.ShareArea?.ToString(CultureInfo.InvariantCulture),
            LedgerTable.Iso(fact.To), fact.KnownFrom, fact.KnownTo, fact.OpenedBy, fact.ClosedBy,
        ];
    }

    private const string Select = """
        SELECT fact AS Id, event AS Event, event_date AS EventDate, legal_ref AS LegalRef, from_unit AS FromUnit, to_unit AS ToUnit, kind AS Kind, share_pop AS SharePop, share_area AS ShareArea,
               valid_to AS ValidTo, known_from AS KnownFrom, known_to AS KnownTo, opened_by AS OpenedBy, closed_by AS ClosedBy
        FROM reg_succession WHERE opened_by > @seen OR closed_by > @seen
        """;

    private sealed record ArmRow
    {
        public string Id { get; init; } = "";
        public string Event { get; init; } = "";
        public string EventDate { get; init; } = "";
        public string LegalRef { get; init; } = "";
        public string FromUnit { get; init; } = "";
        public string ToUnit { get; init; } = "";
        public string Kind { get; init; } = "";
        public string? SharePop { get; init; }
        public string? ShareArea { get; init; }
        public string ValidTo { get; init; } = "";
        public long KnownFrom { get; init; }
        public long KnownTo { get; init; }
        public long OpenedBy { get; init; }
        public long? ClosedBy { get; init; }

        public Fact ToFact()
        {
            var statement = new Succession(Event, FactRow.Date(EventDate), LegalRef, FromUnit, ToUnit, Kind, Number(SharePop), Number(ShareArea)).ToStatement();
            return new Fact(Id, statement.Subject, statement.Aspect, statement.Value!, statement.From, FactRow.Date(ValidTo), KnownFrom, KnownTo, OpenedBy, ClosedBy);
        }

        private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}
