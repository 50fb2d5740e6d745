using System.Globalization;
using Dapper;
using Mach.Data;
using Mach.Registry.Units;

namespace Mach.Registry.Ledgers;

/// <summary>Where facts of certain aspects lie: one of the tables of migration 0002.</summary>
/// <param name="Name">Table, named whole in <paramref name="Select"/> too.</param>
/// <param name="Columns">The columns that say subject, aspect and value.</param>
/// <param name="Takes">Whether a fact's aspect lies here.</param>
/// <param name="Values">The values of <paramref name="Columns"/> from a fact.</param>
/// <param name="Select">Reads the facts that changes after @seen touched, as <see cref="FactRow"/>.</param>
internal sealed record LedgerTable(string Name, string[] Columns, Func<Fact, bool> Takes, Func<Fact, string?[]> Values, string Select)
{
    private const string Times = "valid_from AS ValidFrom, valid_to AS ValidTo, known_from AS KnownFrom, known_to AS KnownTo, opened_by AS OpenedBy, closed_by AS ClosedBy";
    private const string Touched = "WHERE opened_by > @seen OR closed_by > @seen";

    public static readonly LedgerTable[] Units =
    [
        new("reg_unit", ["unit", "code"], f => f.Aspect == Aspects.Exists, f => [f.Subject, f.Value],
            $"SELECT fact AS Id, unit AS Subject, 'unit' AS Aspect, code AS Value, {Times} FROM reg_unit {Touched}"),
        new("reg_unit_name", ["unit", "name"], f => f.Aspect == Aspects.Name, f => [f.Subject, f.Value],
            $"SELECT fact AS Id, unit AS Subject, 'name' AS Aspect, name AS Value, {Times} FROM reg_unit_name {Touched}"),
        new("reg_unit_type", ["unit", "type"], f => f.Aspect == Aspects.Type, f => [f.Subject, f.Value],
            $"SELECT fact AS Id, unit AS Subject, 'type' AS Aspect, type AS Value, {Times} FROM reg_unit_type {Touched}"),
        new("reg_unit_parent", ["child", "hierarchy", "parent"], f => Is(f, Aspects.ParentPrefix), f => [f.Subject, f.Aspect[Aspects.ParentPrefix.Length..], f.Value],
            $"SELECT fact AS Id, child AS Subject, 'parent:' || hierarchy AS Aspect, parent AS Value, {Times} FROM reg_unit_parent {Touched}"),
        new("reg_unit_shape", ["unit", "kind", "shape"], f => f.Aspect is Aspects.Shape or Aspects.Centre, f => [f.Subject, f.Aspect, f.Value],
            $"SELECT fact AS Id, unit AS Subject, kind AS Aspect, shape AS Value, {Times} FROM reg_unit_shape {Touched}"),
        new("reg_unit_measure", ["unit", "measure", "amount"], f => Is(f, Aspects.MeasurePrefix), f => [f.Subject, f.Aspect[Aspects.MeasurePrefix.Length..], f.Value],
            $"SELECT fact AS Id, unit AS Subject, 'measure:' || measure AS Aspect, amount AS Value, {Times} FROM reg_unit_measure {Touched}"),
    ];

    public static readonly LedgerTable[] Facilities =
    [
        new("reg_facility_fact", ["facility", "aspect", "value"], _ => true, f => [f.Subject, f.Aspect, f.Value],
            $"SELECT fact AS Id, facility AS Subject, aspect AS Aspect, value AS Value, {Times} FROM reg_facility_fact {Touched}"),
    ];

    public static readonly LedgerTable[] Practitioners =
    [
        new("reg_practitioner_fact", ["practitioner", "aspect", "value"], _ => true, f => [f.Subject, f.Aspect, f.Value],
            $"SELECT fact AS Id, practitioner AS Subject, aspect AS Aspect, value AS Value, {Times} FROM reg_practitioner_fact {Touched}"),
    ];

    public static readonly LedgerTable[] Catalogues =
    [
        new("reg_catalogue_fact", ["catalogue", "code", "entry"], _ => true, f => [f.Subject[..f.Subject.IndexOf(':', StringComparison.Ordinal)], f.Subject[(f.Subject.IndexOf(':', StringComparison.Ordinal) + 1)..], f.Value],
            $"SELECT fact AS Id, catalogue || ':' || code AS Subject, 'entry' AS Aspect, entry AS Value, {Times} FROM reg_catalogue_fact {Touched}"),
    ];

    private static readonly (string, ColumnType)[] TimeColumns =
    [
        ("valid_from", ColumnType.Text), ("valid_to", ColumnType.Text), ("known_from", ColumnType.BigInt), ("known_to", ColumnType.BigInt),
        ("opened_by", ColumnType.BigInt), ("closed_by", ColumnType.BigInt),
    ];

    public static async Task<Ledger> ReadAsync(Db db, LedgerTable[] tables, Ledger known, long seen, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var facts = new List<Fact>();
        foreach (var table in tables)
        {
            facts.AddRange((await connection.QueryAsync<FactRow>(new CommandDefinition(table.Select, new { seen }, cancellationToken: ct))).Select(r => r.ToFact()));
        }

        return known.With(facts);
    }

    /// <summary>The rows of a draft: facts it opened, and facts it closed with their new end.</summary>
    public static IEnumerable<TableRows> Rows(LedgerTable[] tables, LedgerDraft draft)
    {
        foreach (var table in tables)
        {
            var facts = draft.Closed.Concat(draft.Opened).Where(table.Takes).ToList();
            if (facts.Count > 0)
            {
                yield return new TableRows(
                    table.Name,
                    [("fact", ColumnType.Text), .. table.Columns.Select(c => (c, ColumnType.Text)), .. TimeColumns],
                    [.. facts.Select(f => (object?[])[f.Id, .. table.Values(f), Iso(f.From), Iso(f.To), f.KnownFrom, f.KnownTo, f.OpenedBy, f.ClosedBy])],
                    ["fact"]);
            }
        }
    }

    public static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool Is(Fact fact, string prefix) => fact.Aspect.StartsWith(prefix, StringComparison.Ordinal);
}

/// <summary>A fact as it lies in a table.</summary>
internal sealed record FactRow
{
    public string Id { get; init; } = "";
    public string Subject { get; init; } = "";
    public string Aspect { get; init; } = "";
    public string Value { get; init; } = "";
    public string ValidFrom { get; init; } = "";
    public string ValidTo { get; init; } = "";
    public long KnownFrom { get; init; }
    public long KnownTo { get; init; }
    public long OpenedBy { get; init; }
    public long? ClosedBy { get; init; }

    public Fact ToFact() => new(Id, Subject, Aspect, Value, Date(ValidFrom), Date(ValidTo), KnownFrom, KnownTo, OpenedBy, ClosedBy);

    public static DateOnly Date(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
