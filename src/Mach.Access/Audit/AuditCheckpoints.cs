using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Mach.Data;

namespace Mach.Access.Audit;

/// <summary>A signed statement: at this time the chain ended with this line and this hash.</summary>
/// <param name="AtUs">Microseconds since 1970-01-01 UTC.</param>
/// <param name="KeyId">First 16 hexadecimal digits of the SHA-256 of the public key (SubjectPublicKeyInfo).</param>
internal sealed record AuditCheckpoint(string Chain, long Seq, long AtUs, string Hash, string KeyId, string Signature)
{
    public byte[] Statement => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"mach-audit-checkpoint\n{Chain}\n{Seq}\n{AtUs}\n{Hash}"));
}

/// <summary>
/// Signs where the chain stands: each hour, each thousand lines, and when the hub stops. The statements go into the table and into <c>checkpoints.jsonl</c>;
/// whoever keeps copies of that file elsewhere can prove that nothing was cut off.
/// </summary>
internal sealed class AuditCheckpoints(AuditTrail trail, Db db) : IDisposable
{
    private const int EachLines = 1000;
    private static readonly TimeSpan Each = TimeSpan.FromHours(1);
    private AuditCheckpoint? _last;
    private ECDsa? _key;

    public static string FileOf(string folder) => Path.Combine(folder, "checkpoints.jsonl");

    public static string PublicKeyOf(string folder) => Path.Combine(folder, "signing.pub.pem");

    /// <param name="now">Sign at once what has no checkpoint yet.</param>
    public async Task SignAsync(string chain, bool now, DateTimeOffset at, CancellationToken ct)
    {
        var (seq, hash) = await AuditTables.HeadAsync(db, chain, ct);
        if (_last is null || _last.Chain != chain)
        {
            await using var connection = await db.OpenAsync(ct);
            var last = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(LastSql, new { chain }, cancellationToken: ct));
            _last = last?.ToCheckpoint() ?? new AuditCheckpoint(chain, 0, 0, "", "", "");
        }

        if (seq <= _last.Seq || (!now && seq - _last.Seq < EachLines && at.ToUs() - _last.AtUs < Each.TotalMicroseconds))
        {
            return;
        }

        var key = _key ??= Key();
        var unsigned = new AuditCheckpoint(chain, seq, at.ToUs(), Convert.ToHexStringLower(hash), KeyId(key), "");
        var signature = key.SignData(unsigned.Statement, HashAlgorithmName.SHA256);
        var signed = unsigned with { Signature = Convert.ToBase64String(signature) };
        await db.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(new CommandDefinition(
            InsertSql, new { signed.Chain, signed.Seq, At = signed.AtUs, Hash = hash, signed.KeyId, Signature = signature }, transaction, cancellationToken: ct)), ct);
        await using var file = new FileStream(FileOf(trail.Folder), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(signed) + "\n"), ct);
        file.Flush(flushToDisk: true);
        _last = signed;
    }

    internal static async Task<IReadOnlyList<AuditCheckpoint>> ListAsync(Db db, CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(ListSql, cancellationToken: ct));
        return [.. rows.Select(r => r.ToCheckpoint())];
    }

    /// <summary>True when the key of the folder signed it.</summary>
    internal static bool IsSigned(AuditCheckpoint checkpoint, ECDsa key)
    {
        Span<byte> signature = stackalloc byte[128];
        return checkpoint.KeyId == KeyId(key) && Convert.TryFromBase64String(checkpoint.Signature, signature, out var size)
            && key.VerifyData(checkpoint.Statement, signature[..size], HashAlgorithmName.SHA256);
    }

    public void Dispose() => _key?.Dispose();

    private ECDsa Key()
    {
        var pem = Encoding.ASCII.GetString(SecretFile.Read(Path.Combine(trail.Folder, "signing.pem"), static () =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem());
        }));
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        if (!File.Exists(PublicKeyOf(trail.Folder)))
        {
            File.WriteAllText(PublicKeyOf(trail.Folder), key.ExportSubjectPublicKeyInfoPem());
        }

        return key;
    }

    private static string KeyId(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    private sealed class Row
    {
        public string Chain { get; init; } = "";
        public long Seq { get; init; }
        public long At { get; init; }
        public byte[] Hash { get; init; } = [];
        public string KeyId { get; init; } = "";
        public byte[] Signature { get; init; } = [];

        public AuditCheckpoint ToCheckpoint() => new(Chain, Seq, At, Convert.ToHexStringLower(Hash), KeyId, Convert.ToBase64String(Signature));
    }

    private const string InsertSql = "INSERT INTO acc_audit_checkpoint(chain, seq, at, hash, key_id, signature) VALUES (@Chain, @Seq, @At, @Hash, @KeyId, @Signature)";
    private const string ListSql = "SELECT chain, seq, at, hash, key_id AS KeyId, signature FROM acc_audit_checkpoint ORDER BY chain, seq";
    private const string LastSql = "SELECT chain, seq, at, hash, key_id AS KeyId, signature FROM acc_audit_checkpoint WHERE chain = @chain ORDER BY seq DESC LIMIT 1";
}
