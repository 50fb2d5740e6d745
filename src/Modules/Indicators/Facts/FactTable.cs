using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Store.Sealing;

namespace Mach.Indicators.Facts;

/// <summary>Tables ind_fact and ind_person.</summary>
internal sealed class FactTable(Db db)
{
    private const string Table = "ind_fact", Columns = "cols";
    private const string Select = "SELECT view, id, seq, patient, person, day, facility, commune, cols FROM ind_fact ";
    private const string ByIds = Select + "WHERE view=@view AND id {in:ids}";
    private const string ByPatients = Select + "WHERE patient {in:ids}";
    private const string After = Select + "WHERE view=@view AND id>@after ORDER BY id LIMIT @count";
    private const string Days = Select + "WHERE view=@view AND day>=@from AND day<=@to AND (day>@day OR (day=@day AND (facility>@facility OR (facility=@facility AND id>@id)))) ORDER BY day, facility, id LIMIT @count";
    private const string People = "SELECT patient, person, sex, born, commune, test FROM ind_person WHERE patient {in:ids}";
    private const string Together = "SELECT patient FROM ind_person WHERE person IN (SELECT person FROM ind_person WHERE patient {in:ids})";

    public static IReadOnlyList<SealedTable> Sealed { get; } = [new(Table, "id", "view", [Columns])];

    private sealed record Row
    {
        public short View { get; init; }
        public string Id { get; init; } = "";
        public long Seq { get; init; }
        public string Patient { get; init; } = "";
        public string Person { get; init; } = "";
        public int Day { get; init; }
        public string Facility { get; init; } = "";
        public string Commune { get; init; } = "";
        public byte[] Cols { get; init; } = [];
    }

    private sealed record PersonRow
    {
        public string Patient { get; init; } = "";
        public string Person { get; init; } = "";
        public string Sex { get; init; } = "";
        public string Born { get; init; } = "";
        public string Commune { get; init; } = "";
        public int Test { get; init; }
    }

    public async Task<IReadOnlyList<Fact>> ByIdsAsync(DbConnection connection, FactView view, IReadOnlyCollection<string> ids, CancellationToken ct) => ids.Count == 0 ? []
        : [.. (await connection.QueryAsync<Row>(new CommandDefinition(db.Sql(ByIds), new { view = view.Number, ids = JsonSerializer.Serialize(ids) }, cancellationToken: ct))).Select(Open)];

    public async Task<IReadOnlyList<Fact>> OfPatientsAsync(DbConnection connection, IReadOnlyCollection<string> patients, CancellationToken ct) => patients.Count == 0 ? []
        : [.. (await connection.QueryAsync<Row>(new CommandDefinition(db.Sql(ByPatients), new { ids = JsonSerializer.Serialize(patients) }, cancellationToken: ct))).Select(Open)];

    /// <summary>Rows of a view in the order of their ids.</summary>
    public async Task<IReadOnlyList<Fact>> AfterAsync(DbConnection connection, FactView view, string after, int count, CancellationToken ct) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(After, new { view = view.Number, after, count }, cancellationToken: ct))).Select(Open)];

    /// <summary>Rows of a view between two days, by day, facility and id, behind a place in that order.</summary>
    /// <param name="place">The last row that was had; null = from the start.</param>
    public async Task<IReadOnlyList<Fact>> BetweenAsync(DbConnection connection, FactView view, DateOnly from, DateOnly to, (DateOnly Day, string Facility, string Id)? place, int count, CancellationToken ct)
    {
        var (day, facility, id) = place is { } p ? (p.Day.DayNumber, p.Facility, p.Id) : (-1, "", "");
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            Days, new { view = view.Number, from = Math.Max(from.DayNumber, day), to = to.DayNumber, day, facility, id, count }, cancellationToken: ct));
        return [.. rows.Select(Open)];
    }

    public async Task<Dictionary<string, Traits>> TraitsAsync(DbConnection connection, IReadOnlyCollection<string> patients, CancellationToken ct) => patients.Count == 0 ? []
        : (await connection.QueryAsync<PersonRow>(new CommandDefinition(db.Sql(People), new { ids = JsonSerializer.Serialize(patients) }, cancellationToken: ct)))
            .ToDictionary(r => r.Patient, r => new Traits(r.Patient, r.Person, r.Sex, r.Born, r.Commune, r.Test != 0), StringComparer.Ordinal);

    /// <summary>Patients that count as one person with any of these.</summary>
    public async Task<IReadOnlyList<string>> TogetherAsync(DbConnection connection, IReadOnlyCollection<string> patients, CancellationToken ct) => patients.Count == 0 ? []
        : [.. await connection.QueryAsync<string>(new CommandDefinition(db.Sql(Together), new { ids = JsonSerializer.Serialize(patients) }, cancellationToken: ct))];

    public TableRows Rows(IReadOnlyCollection<Fact> facts) => new(
        Table,
        [("view", ColumnType.Integer), ("id", ColumnType.Text), ("seq", ColumnType.BigInt), ("patient", ColumnType.Text), ("person", ColumnType.Text), ("day", ColumnType.Integer), ("facility", ColumnType.Text), ("commune", ColumnType.Text), (Columns, ColumnType.Bytes)],
        [.. facts.Select(f => new object?[] { f.View.Number, f.Id, f.Seq, f.Patient, f.Person, f.Day.DayNumber, f.Facility, f.Commune, db.Keys.Seal(Place(f.Id, f.View), f.Encode()) })],
        ["view", "id"]);

    public static TableRows Rows(IReadOnlyCollection<Traits> traits) => new(
        "ind_person",
        [("patient", ColumnType.Text), ("person", ColumnType.Text), ("sex", ColumnType.Text), ("born", ColumnType.Text), ("commune", ColumnType.Text), ("test", ColumnType.Integer)],
        [.. traits.Select(t => new object?[] { t.Patient, t.Person, t.Sex, t.Born, t.Commune, t.IsTest ? 1 : 0 })],
        ["patient"]);

    private Fact Open(Row row)
    {
        var view = FactView.Of(row.View);
        return new Fact(view, row.Id, row.Seq, row.Patient, row.Person, DateOnly.FromDayNumber(row.Day), row.Facility, row.Commune, Fact.Decode(view, db.Keys.Open(Place(row.Id, view), row.Cols)));
    }

    private static string Place(string id, FactView view) => SealedTable.Place(Table, Columns, id, view.Number);
}
