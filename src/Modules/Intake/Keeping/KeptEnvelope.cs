using System.Text;
using Dapper;
using Mach.Data;
using Mach.Intake.Filing;

namespace Mach.Intake.Keeping;

/// <summary>Puts a received envelope together again, byte for byte, a piece at a time.</summary>
internal sealed class KeptEnvelope(Db db)
{
    private const int LinesPerRead = 200;

    /// <summary>The receipt, or null when it is unknown.</summary>
    public async Task<ReceiptRow?> FindAsync(string receipt, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<ReceiptRow>(new CommandDefinition(ReceiptRow.Select + " WHERE id = @receipt", new { receipt }, cancellationToken: ct));
    }

    /// <summary>Writes the whole envelope as it was received.</summary>
    public async Task WriteAsync(string receipt, Stream output, CancellationToken ct)
    {
        var between = new SkeletonReader(db, receipt);
        long at = 0;
        for (long after = 0; ;)
        {
            var lines = await LinesAsync(receipt, after, ct);
            foreach (var line in lines)
            {
                await between.CopyAsync(line.StartAt - at, output, ct);
                await output.WriteAsync(await DossierAsync(line, ct), ct);
                at = line.StartAt + line.Length;
                after = line.Position;
            }

            if (lines.Count < LinesPerRead)
            {
                break;
            }
        }

        await between.CopyAsync(long.MaxValue, output, ct);
    }

    /// <summary>One dossier as an envelope: the received one when it held nothing else, else a new envelope around the exact bytes.</summary>
    public async Task WriteDossierAsync(VersionRow version, Stream output, CancellationToken ct)
    {
        if (await FindAsync(version.Receipt, ct) is { Dossiers: 1, State: ReceiptRow.Done })
        {
            await WriteAsync(version.Receipt, output, ct);
            return;
        }

        var bytes = await Versions.BytesAsync(db, version.Dossier, version.Version, ct) ?? throw new InvalidDataException($"Version {version.Version} of dossier {version.Dossier} has no bytes.");
        var day = Instants.Day(Instants.At(version.TakenUs));
        await output.WriteAsync(Encoding.UTF8.GetBytes($"<GIAMDINHHS><THONGTINDONVI><MACSKCB>{version.Facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>{day:yyyyMMdd}</NGAYLAP><SOLUONGHOSO>1</SOLUONGHOSO><DANHSACHHOSO>"), ct);
        await output.WriteAsync(bytes, ct);
        await output.WriteAsync("</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>"u8.ToArray(), ct);
    }

    /// <summary>The exact bytes of one dossier of an envelope.</summary>
    public async Task<byte[]> DossierAsync(LineRow line, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var own = await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition("SELECT bytes FROM int_line WHERE receipt = @Receipt AND position = @Position", new { line.Receipt, line.Position }, cancellationToken: ct));
        return Kept.Bytes(db.Keys, Kept.Line, line.Receipt, line.Position, own)
            ?? await Versions.BytesAsync(db, line.Dossier!, line.Version, ct) ?? throw new InvalidDataException($"Dossier {line.Position} of receipt {line.Receipt} has no bytes.");
    }

    private async Task<IReadOnlyList<LineRow>> LinesAsync(string receipt, long after, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        return [.. await connection.QueryAsync<LineRow>(new CommandDefinition(LineRow.Select + " WHERE receipt = @receipt AND position > @after ORDER BY position LIMIT " + LinesPerRead, new { receipt, after }, cancellationToken: ct))];
    }
}

/// <summary>Reads the pieces between the dossiers in order.</summary>
internal sealed class SkeletonReader(Db db, string receipt)
{
    private ReadOnlyMemory<byte> _rest;
    private int _next;

    /// <summary>Copies so many bytes, or what there is.</summary>
    public async Task CopyAsync(long count, Stream output, CancellationToken ct)
    {
        while (count > 0)
        {
            if (_rest.IsEmpty && !await LoadAsync(ct))
            {
                return;
            }

            var some = _rest[..(int)Math.Min(count, _rest.Length)];
            await output.WriteAsync(some, ct);
            _rest = _rest[some.Length..];
            count -= some.Length;
        }
    }

    private async Task<bool> LoadAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var kept = await connection.ExecuteScalarAsync<byte[]>(new CommandDefinition("SELECT bytes FROM int_part WHERE receipt = @receipt AND n = @n", new { receipt, n = _next }, cancellationToken: ct));
        _rest = Kept.Bytes(db.Keys, Kept.Part, receipt, _next++, kept);
        return kept is not null;
    }
}
