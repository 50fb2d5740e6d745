using System.Data.Common;
using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Indicators.Definitions;

namespace Mach.Indicators.Cube;

/// <summary>Table ind_measure: what is counted, under which number, and how far it has been filled.</summary>
internal static class MeasureTable
{
    private const string All = "SELECT m, spec, view, place FROM ind_measure ORDER BY m";
    private const string Insert = "INSERT INTO ind_measure(m, spec, view, place) SELECT COALESCE(MAX(m), 0) + 1, @spec, @view, '' FROM ind_measure";
    private const string SetPlace = "UPDATE ind_measure SET place=@place WHERE m=@m";
    private const string Drop = "DELETE FROM ind_cell WHERE m=@m; DELETE FROM ind_month WHERE m=@m; DELETE FROM ind_day WHERE m=@m; DELETE FROM ind_state WHERE m=@m; DELETE FROM ind_measure WHERE m=@m";

    /// <param name="Place">Last fact that it was given while it is being filled; null = it has all.</param>
    internal sealed record Kept(Measure Measure, string? Place)
    {
        /// <summary>A change of this fact is counted now: what lies behind the place comes with the filling.</summary>
        public bool Takes(string id) => Place is null || string.CompareOrdinal(id, Place) <= 0;
    }

    private sealed record Row
    {
        public int M { get; init; }
        public string Spec { get; init; } = "";
        public string? Place { get; init; }
    }

    public static async Task<IReadOnlyList<Kept>> ReadAsync(DbConnection connection, DbTransaction? transaction, CancellationToken ct) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(All, transaction: transaction, cancellationToken: ct))).Select(r => new Kept(new Measure(r.M, JsonSerializer.Deserialize<MeasureSpec>(r.Spec)!), r.Place))];

    /// <summary>Adds what is wanted and not there; takes away what nobody wants any more.</summary>
    public static async Task KeepAsync(WriteSession session, IReadOnlyCollection<MeasureSpec> wanted, CancellationToken ct)
    {
        var keys = wanted.Select(w => w.Key).ToHashSet(StringComparer.Ordinal);
        var (connection, transaction) = (session.Connection, session.Transaction);
        var kept = await ReadAsync(connection, transaction, ct);
        foreach (var gone in kept.Where(k => !keys.Contains(k.Measure.Spec.Key)))
        {
            await connection.ExecuteAsync(new CommandDefinition(Drop, new { m = gone.Measure.Number }, transaction, commandTimeout: 0, cancellationToken: ct));
        }

        foreach (var spec in wanted.DistinctBy(w => w.Key, StringComparer.Ordinal).Where(w => !kept.Any(k => k.Measure.Spec.Key == w.Key)))
        {
            await connection.ExecuteAsync(new CommandDefinition(Insert, new { spec = spec.Key, view = new Measure(0, spec).View.Number }, transaction, cancellationToken: ct));
        }
    }

    public static Task SetPlaceAsync(WriteSession session, int measure, string? place, CancellationToken ct) =>
        session.Connection.ExecuteAsync(new CommandDefinition(SetPlace, new { m = measure, place }, session.Transaction, cancellationToken: ct));
}
