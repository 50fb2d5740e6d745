using System.Text;
using Dapper;
using Mach.Data;
using Mach.Store.Sealing;

namespace Mach.Care.Phrases;

/// <summary>Table car_phrase: phrases of each account.</summary>
internal sealed class PhraseTable(Db db, TimeProvider clock)
{
    private const string Table = "car_phrase";

    /// <summary>More than this nobody remembers.</summary>
    public const int Most = 200;

    public static IReadOnlyList<SealedTable> Sealed { get; } = [new(Table, "account", "number", ["body"])];

    private sealed record Row
    {
        public long Number { get; init; }
        public string Name { get; init; } = "";
        public byte[] Body { get; init; } = [];
    }

    public async Task<IReadOnlyList<Phrase>> OfAsync(string account, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(All, new { account }, cancellationToken: ct))).Select(r => new Phrase(r.Name, Encoding.UTF8.GetString(db.Keys.Open(Place(account, r.Number), r.Body)), r.Number))];
    }

    /// <summary>Adds it, or gives the one of that name another text; false when there are too many.</summary>
    public async Task<bool> PutAsync(string account, string name, string text, CancellationToken ct) => await db.WriteAsync(async (connection, transaction) =>
    {
        var known = (await connection.QueryAsync<Row>(new CommandDefinition(All, new { account }, transaction, cancellationToken: ct))).AsList();
        if (known.Count >= Most && !known.Exists(k => k.Name == name))
        {
            return false;
        }

        var number = known.Count == 0 ? 1 : known.Max(k => k.Number) + 1;
        await connection.ExecuteAsync(new CommandDefinition(Delete, new { account, name }, transaction, cancellationToken: ct));
        var body = db.Keys.Seal(Place(account, number), Encoding.UTF8.GetBytes(text));
        await connection.ExecuteAsync(new CommandDefinition(Insert, new { account, number, name, body, now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond }, transaction, cancellationToken: ct));
        return true;
    }, ct);

    /// <summary>Takes it away; the text that it had, for the way back. Null when there was none.</summary>
    public async Task<string?> DeleteAsync(string account, string name, CancellationToken ct)
    {
        var found = (await OfAsync(account, ct)).FirstOrDefault(p => p.Name == name);
        return found is not null && await db.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(Delete, new { account, name }, transaction, cancellationToken: ct)), ct) > 0 ? found.Text : null;
    }

    private static string Place(string account, long number) => SealedTable.Place(Table, "body", account, number);

    private const string All = "SELECT number AS Number, name AS Name, body AS Body FROM car_phrase WHERE account=@account ORDER BY name";
    private const string Delete = "DELETE FROM car_phrase WHERE account=@account AND name=@name";
    private const string Insert = "INSERT INTO car_phrase(account, number, name, body, changed_us) VALUES (@account, @number, @name, @body, @now)";
}
