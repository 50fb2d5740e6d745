using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Mach.Fhir.Search;
using Mach.Store.Reading;

namespace Mach.Store;

public partial class RecordView
{
    private const string PatientNumbers = "SELECT rid FROM res WHERE type=@type AND fid {in:ids}";

    /// <summary>Of one patient: by several at once an engine would sort all of them, however few are wanted.</summary>
    private const string CompartmentPage = ResourceRow.SelectHead + """
        WHERE r.pk=@pk AND r.type=@type AND r.del=0 AND (r.dt, r.rid) < (@date, @rid){sight}
        ORDER BY r.dt DESC, r.rid DESC LIMIT @count
        """;

    private const string CompartmentCounts = "SELECT r.type, COUNT(*) AS n FROM res r WHERE r.pk {inlong:patients} AND r.del=0{sight} GROUP BY r.type";

    /// <summary>Heads of one type in the compartments of these patients, newest clinical date first; the cursor is the keyset (date in UTC microseconds, internal number) of the last row.</summary>
    /// <exception cref="ArgumentException">The cursor is not one of ours.</exception>
    public async Task<SearchPage> CompartmentAsync(IReadOnlyList<string> patientIds, string type, int count, string? cursor, CancellationToken ct)
    {
        var (date, rid) = ParseCursor(cursor);
        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        var patients = await PatientNumbersAsync(connection, patientIds, ct).ConfigureAwait(false);
        var rows = new List<ResourceRow>();
        foreach (var pk in patients.Keys)
        {
            var parameters = new { pk, type = TypeNumber(type), date, rid, count = count + 1 };
            await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(_sight.Apply(Db, CompartmentPage), _sight.With(Db, parameters), cancellationToken: ct)).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                rows.Add(ResourceRow.Read(reader, Db.Keys));
            }
        }

        if (patients.Count > 1)
        {
            rows = [.. rows.OrderByDescending(r => r.Date).ThenByDescending(r => r.Rid).Take(count + 1)];
        }

        string? next = null;
        if (rows.Count > count)
        {
            rows.RemoveAt(count);
            next = count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{rows[^1].Date}.{rows[^1].Rid}");
        }

        return Shown(new SearchPage { Matches = [.. rows.Select(r => r.Resource).Where(_sight.Shows)], Next = next });
    }

    /// <summary>Number of heads per type in the compartments of these patients.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CompartmentCountsAsync(IReadOnlyList<string> patientIds, CancellationToken ct)
    {
        if (_sight.LooksAtBodies)
        {
            throw new NotSupportedException("What is decided on bodies is not counted by a statement.");
        }

        await using var connection = await _sight.OpenAsync(Db, ct).ConfigureAwait(false);
        var patients = await PatientsAsync(connection, patientIds, ct).ConfigureAwait(false);
        var command = new CommandDefinition(_sight.Apply(Db, CompartmentCounts), _sight.With(Db, new { patients }), cancellationToken: ct);
        await using var reader = await connection.ExecuteReaderAsync(command).ConfigureAwait(false);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            counts.Add(ResourceTypes.Name(reader.GetInt16(0)), reader.GetInt64(1));
        }

        return counts;
    }

    private async Task<string> PatientsAsync(DbConnection connection, IReadOnlyList<string> ids, CancellationToken ct)
    {
        var parameters = new { type = TypeNumber("Patient"), ids = JsonSerializer.Serialize(ids) };
        var numbers = await connection.QueryAsync<long>(new CommandDefinition(Db.Sql(PatientNumbers), parameters, cancellationToken: ct)).ConfigureAwait(false);
        return JsonSerializer.Serialize(numbers);
    }

    private static (long Date, long Rid) ParseCursor(string? cursor)
    {
        if (cursor is null)
        {
            return (long.MaxValue, long.MaxValue);
        }

        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var date)
            && long.TryParse(cursor.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var rid)
            ? (date, rid)
            : throw new ArgumentException("The cursor is not one of this store.", nameof(cursor));
    }
}
