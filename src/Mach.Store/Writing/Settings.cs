using System.Data.Common;
using System.Globalization;
using Dapper;
using Mach.Data;
using Mach.Fhir.Labels;
using Mach.Fhir.Search;
using Mach.Store.Codec;
using Mach.Store.Hashing;
using Mach.Store.Sealing;

namespace Mach.Store.Writing;

/// <summary>What the database knows about itself: the check value of its secret, and the codecs its bodies may be in.</summary>
internal static class Settings
{
    private const string SecretCheck = "secret.check";
    private const string Insert = "INSERT INTO setting(name, value) VALUES(@name, @value) ON CONFLICT(name) DO NOTHING";
    private const string Select = "SELECT value FROM setting WHERE name=@name";
    // Earlier programs refuse a store that names a codec they do not know.
    private static readonly string SealedCodec = string.Create(CultureInfo.InvariantCulture, $"codec.{BodyCodec.Preferred | SealedBody.Flag}");
    private const string SelectCodecs = "SELECT name FROM setting WHERE name >= 'codec.' AND name < 'codec/'";

    /// <summary>Loads (or, in a new database, makes) the secret and notes the codec that this machine writes.</summary>
    public static async Task<StoreSecret> OpenAsync(Db db, string secretFile, DataKeys dataKeys, TimeProvider clock, CancellationToken ct)
    {
        // In one write transaction, so that two processes starting on a new database agree.
        return await db.WriteAsync(
            async (connection, transaction) =>
            {
                var known = await connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition(Select, new { name = SecretCheck }, transaction, cancellationToken: ct)).ConfigureAwait(false);
                var secret = StoreSecret.Load(secretFile, mayCreate: known is null);
                if (known is not null && !known.AsSpan().SequenceEqual(secret.CheckValue))
                {
                    throw new InvalidOperationException($"Tệp khóa bí mật không phải của kho này / this secret file belongs to another store: {secretFile}.");
                }

                await PutAsync(connection, transaction, SecretCheck, secret.CheckValue, ct).ConfigureAwait(false);
                await CheckCodecsAsync(connection, transaction, ct).ConfigureAwait(false);
                await PutAsync(connection, transaction, $"codec.{BodyCodec.Preferred}", [1], ct).ConfigureAwait(false);
                await dataKeys.OpenAsync(connection, transaction, isNew: known is null, clock, ct).ConfigureAwait(false);
                if (db.Keys.Active > 0)
                {
                    await PutAsync(connection, transaction, SealedCodec, [1], ct).ConfigureAwait(false);
                }

                return secret;
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>Index rows that an earlier program wrote are made anew before anybody asks for them.</summary>
    public static async Task KeepIndexAsync(Db db, Func<Task> rewrite, CancellationToken ct)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"index.{IndexExtractor.Version}.{Sensitivity.Version}.{CareKeys.Version}");
        await using (var connection = await db.OpenAsync(ct).ConfigureAwait(false))
        {
            if (await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM setting WHERE name=@name", new { name }, cancellationToken: ct)).ConfigureAwait(false) > 0)
            {
                return;
            }
        }

        await rewrite().ConfigureAwait(false);
        await db.WriteAsync(async (connection, transaction) => await PutAsync(connection, transaction, name, [1], ct).ConfigureAwait(false), ct).ConfigureAwait(false);
    }

    /// <summary>Bodies are sealed from now on.</summary>
    public static Task NoteSealedCodecAsync(Db db, CancellationToken ct) =>
        db.WriteAsync(async (connection, transaction) => await PutAsync(connection, transaction, SealedCodec, [1], ct).ConfigureAwait(false), ct);

    private static Task<int> PutAsync(DbConnection connection, DbTransaction transaction, string name, byte[] value, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Insert, new { name, value }, transaction, cancellationToken: ct));

    private static async Task CheckCodecsAsync(DbConnection connection, DbTransaction transaction, CancellationToken ct)
    {
        foreach (var name in await connection.QueryAsync<string>(new CommandDefinition(SelectCodecs, transaction: transaction, cancellationToken: ct)).ConfigureAwait(false))
        {
            var codec = short.Parse(name.AsSpan("codec.".Length), CultureInfo.InvariantCulture);
            if (!BodyCodec.CanRead((short)(codec & ~SealedBody.Flag)))
            {
                throw new InvalidOperationException(
                    $"Kho có dữ liệu nén bằng zstd nhưng máy này thiếu thư viện libzstd / this store has bodies compressed with zstd (codec {codec}), and this machine lacks the library: install libzstd (Debian: apt-get install libzstd1).");
            }
        }
    }
}
