using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Mach.Data;
using Mach.Store.Reading;

namespace Mach.Store.Sealing;

/// <summary>The data keys of a store: rows of data_key, wrapped by the vault.</summary>
internal sealed class DataKeys(Db db, IKeyVault? vault)
{
    private const int KeyBytes = 32;
    private const string Select = "SELECT n AS Number, vault_key AS VaultKey, wrapped AS Wrapped, made AS Made, since AS Since FROM data_key ORDER BY n";
    private const string Insert = "INSERT INTO data_key(n, vault_key, wrapped, made, since) VALUES(@number, @key, @wrapped, @made, (SELECT n FROM counter WHERE id=2)) ON CONFLICT(n) DO NOTHING";
    private const string Activate = "UPDATE counter SET n=@number WHERE id=5";
    private const string LockActive = "UPDATE counter SET n=n WHERE id=5";
    private const string LastVersion = "SELECT n FROM counter WHERE id=2";
    private const string Rewrap = "UPDATE data_key SET vault_key=@key, wrapped=@wrapped WHERE n=@number";

    public sealed record Row
    {
        public int Number { get; init; }
        public string VaultKey { get; init; } = "";
        public byte[] Wrapped { get; init; } = [];
        public long Made { get; init; }
        public long Since { get; init; }
    }

    /// <summary>Reads the keys, and makes the first in a new store. Inside the transaction that makes the store's secret, so that two processes agree.</summary>
    /// <exception cref="KeyVaultException">A key cannot be unwrapped, or there is no vault though bodies are sealed.</exception>
    public async Task OpenAsync(DbConnection connection, DbTransaction transaction, bool isNew, TimeProvider clock, CancellationToken ct)
    {
        var rows = await ReadAsync(connection, transaction, ct).ConfigureAwait(false);
        if (rows.Count == 0 && isNew && vault is not null)
        {
            await MakeAsync(connection, transaction, 1, clock, ct).ConfigureAwait(false);
            rows = await ReadAsync(connection, transaction, ct).ConfigureAwait(false);
        }

        db.Keys.Use(Unwrapped(rows), Load);
    }

    /// <summary>A new key for what is written from now on; whatever is stored is to be sealed anew (<see cref="BodyMover"/>).</summary>
    /// <returns>Its number.</returns>
    public async Task<int> RotateAsync(TimeProvider clock, CancellationToken ct)
    {
        var number = await db.WriteAsync(
            async (connection, transaction) =>
            {
                // Before anything is read: another rotation has to be over.
                await connection.ExecuteAsync(new CommandDefinition(LockActive, transaction: transaction, cancellationToken: ct)).ConfigureAwait(false);
                var next = (await ReadAsync(connection, transaction, ct).ConfigureAwait(false)).Select(r => r.Number).LastOrDefault() + 1;
                await MakeAsync(connection, transaction, next, clock, ct).ConfigureAwait(false);
                return next;
            },
            ct).ConfigureAwait(false);
        db.Keys.Activate(number);
        return number;
    }

    /// <summary>Wraps every data key with the vault's newest key. Nothing that is sealed changes.</summary>
    /// <returns>How many were wrapped anew.</returns>
    public Task<int> RewrapAsync(CancellationToken ct) => db.WriteAsync(
        async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(LockActive, transaction: transaction, cancellationToken: ct)).ConfigureAwait(false);
            var rows = await ReadAsync(connection, transaction, ct).ConfigureAwait(false);
            foreach (var row in rows)
            {
                var (key, wrapped) = Vault().Wrap(Unwrap(row), Context(row.Number));
                await connection.ExecuteAsync(new CommandDefinition(Rewrap, new { number = row.Number, key, wrapped }, transaction, cancellationToken: ct)).ConfigureAwait(false);
            }

            return rows.Count;
        },
        ct);

    public async Task<IReadOnlyList<Row>> RowsAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct).ConfigureAwait(false);
        return await ReadAsync(connection, null, ct).ConfigureAwait(false);
    }

    /// <summary>Whether the key that seals has sealed so much that a new one is due.</summary>
    public async Task<bool> IsWornAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenAsync(ct).ConfigureAwait(false);
        var last = await connection.ExecuteScalarAsync<long>(new CommandDefinition(LastVersion, cancellationToken: ct)).ConfigureAwait(false);
        return (await ReadAsync(connection, null, ct).ConfigureAwait(false)).LastOrDefault() is { } newest && last - newest.Since > Data.Sealing.KeyRing.MostUses;
    }

    private async Task MakeAsync(DbConnection connection, DbTransaction transaction, int number, TimeProvider clock, CancellationToken ct)
    {
        var bytes = RandomNumberGenerator.GetBytes(KeyBytes);
        var (key, wrapped) = Vault().Wrap(bytes, Context(number));
        CryptographicOperations.ZeroMemory(bytes);
        var made = Instants.ToMicroseconds(clock.GetUtcNow());
        await connection.ExecuteAsync(new CommandDefinition(Insert, new { number, key, wrapped, made }, transaction, cancellationToken: ct)).ConfigureAwait(false);
        await connection.ExecuteAsync(new CommandDefinition(Activate, new { number }, transaction, cancellationToken: ct)).ConfigureAwait(false);
    }

    private IReadOnlyList<(int Number, byte[] Key)> Load() => Unwrapped(RowsAsync(CancellationToken.None).GetAwaiter().GetResult());

    private List<(int Number, byte[] Key)> Unwrapped(IReadOnlyList<Row> rows) => [.. rows.Select(r => (r.Number, Unwrap(r)))];

    private byte[] Unwrap(Row row)
    {
        if (vault is null)
        {
            throw new KeyVaultException($"Kho được mã hóa nhưng chưa chỉ nơi giữ khóa {row.VaultKey} / the bodies of this store are sealed, and no vault was given that holds the key {row.VaultKey}.");
        }

        var key = vault.Unwrap(row.VaultKey, row.Wrapped, Context(row.Number));
        return key.Length == KeyBytes ? key : throw new KeyVaultException($"Khóa dữ liệu {row.Number} bị hỏng / data key {row.Number} is damaged: it has {key.Length} bytes.");
    }

    private IKeyVault Vault() => vault ?? throw new KeyVaultException("Chưa có nơi giữ khóa / there is no key vault.");

    private static byte[] Context(int number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"mach data key {number}"));

    private static async Task<List<Row>> ReadAsync(DbConnection connection, DbTransaction? transaction, CancellationToken ct) =>
        (await connection.QueryAsync<Row>(new CommandDefinition(Select, transaction: transaction, cancellationToken: ct)).ConfigureAwait(false)).AsList();
}
