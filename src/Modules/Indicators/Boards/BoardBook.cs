using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.Indicators.Boards;

/// <summary>Boards in versions: what was there before is never lost.</summary>
internal sealed class BoardBook(Db db, TimeProvider clock)
{
    private const string Lasts = "SELECT b.id, b.version, b.owner, b.name, b.shared, b.gone, b.at_us, b.body FROM ind_board b WHERE b.version=(SELECT MAX(c.version) FROM ind_board c WHERE c.id=b.id)";
    private const string Insert = """
        INSERT INTO ind_board(id, version, owner, name, shared, gone, at_us, body) VALUES(@id, @version, @owner, @name, @shared, @gone, @at, @body)
        ON CONFLICT(id, version) DO NOTHING
        """;

    private sealed record Row
    {
        public string Id { get; init; } = "";
        public int Version { get; init; }
        public string Owner { get; init; } = "";
        public string Name { get; init; } = "";
        public int Shared { get; init; }
        public int Gone { get; init; }
        public long At_Us { get; init; }
        public string Body { get; init; } = "";

        public Board Read() => new(Id, Version, Owner, Name, Shared == 1, Gone == 1, Instants.FromMicroseconds(At_Us), JsonSerializer.Deserialize<List<Tile>>(Body)!);
    }

    /// <summary>Those that somebody may see: the program's, the own and the shared ones, by name; those that were thrown away only for their owner.</summary>
    public async Task<IReadOnlyList<Board>> ListAsync(string who, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(Lasts + " AND (b.owner=@who OR (b.shared=1 AND b.gone=0))", new { who }, cancellationToken: ct))).Select(r => r.Read());
        return [.. Board.Shipped, .. rows.OrderBy(b => b.Name, StringComparer.CurrentCulture).ThenBy(b => b.Id, StringComparer.Ordinal)];
    }

    /// <summary>The last version, also of one that was thrown away; null when there is none.</summary>
    public async Task<Board?> FindAsync(string id, CancellationToken ct)
    {
        if (Board.Shipped.FirstOrDefault(b => b.Id == id) is { } shipped)
        {
            return shipped;
        }

        await using var connection = await db.OpenAsync(ct);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Lasts + " AND b.id=@id", new { id }, cancellationToken: ct)))?.Read();
    }

    /// <summary>Keeps the next version.</summary>
    /// <param name="board">Its version is the one that the writer saw; 0 = it is new.</param>
    /// <returns>False when somebody else was first.</returns>
    public async Task<bool> WriteAsync(Board board, CancellationToken ct) => await db.WriteAsync((connection, transaction) => connection.ExecuteAsync(new CommandDefinition(Insert, new
    {
        id = board.Id,
        version = board.Version + 1,
        owner = board.Owner,
        name = board.Name,
        shared = board.IsShared ? 1 : 0,
        gone = board.IsGone ? 1 : 0,
        at = Instants.ToMicroseconds(clock.GetUtcNow()),
        body = JsonSerializer.Serialize(board.Tiles),
    }, transaction, cancellationToken: ct)), ct) == 1;
}
