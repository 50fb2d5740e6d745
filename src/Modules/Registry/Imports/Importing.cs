using System.Security.Cryptography;
using Dapper;
using Mach.Data;
using Mach.Kernel;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Imports;

/// <summary>One uploaded file. The row of reg_import.</summary>
public sealed record ImportFile
{
    public string Id { get; init; } = "";
    public long AtUs { get; init; }
    public string Who { get; init; } = "";
    public string Kind { get; init; } = "";
    public string FileName { get; init; } = "";
    public string Sha { get; init; } = "";
    /// <summary>ISO day since when the file holds.</summary>
    public string ValidFrom { get; init; } = "";
    /// <summary>The file is the whole list: what it lacks ends on <see cref="ValidFrom"/>.</summary>
    public bool Whole { get; init; }
    /// <summary>The change that applied it; null = only looked at.</summary>
    public long? Change { get; init; }
}

/// <summary>Takes files in: keep, preview, apply as one change, undo.</summary>
internal sealed class Importing(RegistryBooks books, UnitRegistry units, TimeProvider clock)
{
    private const string Columns = "id AS Id, at_us AS AtUs, who AS Who, kind AS Kind, file_name AS FileName, sha AS Sha, valid_from AS ValidFrom, whole AS Whole, change AS Change";

    /// <summary>Keeps the file, so that it is applied as it was looked at.</summary>
    public async Task<ImportFile> KeepAsync(string kind, string fileName, byte[] bytes, DateOnly from, string who, CancellationToken ct, bool whole = false)
    {
        var file = new ImportFile
        {
            Id = Ids.New(),
            AtUs = RegistryBooks.Us(clock.GetUtcNow()),
            Who = who,
            Kind = kind,
            FileName = fileName,
            Sha = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            ValidFrom = LedgerTable.Iso(from),
            Whole = whole,
        };
        await books.Db.WriteAsync(
            async (connection, transaction) =>
            {
                await books.Db.InsertAsync(connection, transaction, Row(file, bytes), ct);
                return true;
            },
            ct);
        return file;
    }

    /// <summary>What applying the file would change now.</summary>
    public async Task<ImportPreview> PreviewAsync(ImportFile file, CancellationToken ct)
    {
        await units.SeedAsync(ct);
        var draft = new RegistryDraft(await books.CurrentAsync(ct), long.MaxValue - 2);
        var (problems, lines) = ImportReading.State(draft, KindOf(file), await BytesAsync(file.Id, ct), FactRow.Date(file.ValidFrom), file.Whole);
        return new ImportPreview(problems, problems.Count > 0 ? [] : ImportDifference.Of(draft), lines);
    }

    /// <summary>Applies the whole file as one change; nothing of it when anything is wrong.</summary>
    /// <returns>The problems; with none, the change, or null when everything was known already.</returns>
    public async Task<(IReadOnlyList<Problem> Problems, Change? Change)> ApplyAsync(ImportFile file, string who, CancellationToken ct)
    {
        await units.SeedAsync(ct);
        var bytes = await BytesAsync(file.Id, ct);
        IReadOnlyList<Problem> problems = [];
        try
        {
            var change = await books.ChangeAsync(
                new ChangeNote("import", who, file.FileName, "import:" + file.Kind),
                draft =>
                {
                    (problems, _) = ImportReading.State(draft, KindOf(file), bytes, FactRow.Date(file.ValidFrom), file.Whole);
                    if (problems.Count > 0)
                    {
                        throw new SheetException(problems[0].Vi, problems[0].En);
                    }
                },
                ct,
                number => [Row(file with { Change = number }, bytes)]);
            return ([], change);
        }
        catch (SheetException)
        {
            return (problems, null);
        }
    }

    public async Task<ImportFile?> FindAsync(string id, CancellationToken ct)
    {
        await using var connection = await books.Db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ImportFile>(new CommandDefinition($"SELECT {Columns} FROM reg_import WHERE id = @id", new { id }, cancellationToken: ct));
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ImportFile>> ListAsync(int count, CancellationToken ct)
    {
        await using var connection = await books.Db.OpenAsync(ct);
        return [.. await connection.QueryAsync<ImportFile>(new CommandDefinition($"SELECT {Columns} FROM reg_import ORDER BY at_us DESC, id LIMIT @count", new { count }, cancellationToken: ct))];
    }

    private async Task<byte[]> BytesAsync(string id, CancellationToken ct)
    {
        await using var connection = await books.Db.OpenAsync(ct);
        return (await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition("SELECT bytes FROM reg_import WHERE id = @id", new { id }, cancellationToken: ct)))!;
    }

    private static ImportKind KindOf(ImportFile file) => ImportKinds.Find(file.Kind) ?? throw new InvalidOperationException($"Files of the kind {file.Kind} are not known.");

    private static TableRows Row(ImportFile file, byte[] bytes) => new(
        "reg_import",
        [
            ("id", ColumnType.Text), ("at_us", ColumnType.BigInt), ("who", ColumnType.Text), ("kind", ColumnType.Text), ("file_name", ColumnType.Text), ("sha", ColumnType.Text),
            ("valid_from", ColumnType.Text), ("bytes", ColumnType.Bytes), ("change", ColumnType.BigInt), ("whole", ColumnType.Integer),
        ],
        [[file.Id, file.AtUs, file.Who, file.Kind, file.FileName, file.Sha, file.ValidFrom, bytes, file.Change, file.Whole ? 1 : 0]],
        ["id"]);
}
