using Mach.Store.Reading;
using Mach.Store.Sealing;

namespace Mach.Store;

/// <summary>One data key of the store.</summary>
/// <param name="VaultKey">Key of the vault that wraps it.</param>
/// <param name="Seals">New bodies are sealed with it.</param>
public sealed record DataKeyInfo(int Number, string VaultKey, DateTimeOffset Made, bool Seals);

public sealed partial class RecordStore
{
    /// <summary>The data keys, oldest first; none = bodies are not sealed.</summary>
    public async Task<IReadOnlyList<DataKeyInfo>> DataKeysAsync(CancellationToken ct)
    {
        var rows = await _dataKeys.RowsAsync(ct).ConfigureAwait(false);
        return [.. rows.Select(r => new DataKeyInfo(r.Number, r.VaultKey, Instants.FromMicroseconds(r.Made), r.Number == rows[^1].Number))];
    }

    /// <summary>A new data key for whatever is written from now on, by any process; <see cref="SealStepAsync"/> brings the rest under it. In a store without keys it is the first.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="KeyVaultException">The vault cannot be used.</exception>
    public async Task<int> RotateDataKeyAsync(CancellationToken ct)
    {
        var number = await _dataKeys.RotateAsync(_clock, ct).ConfigureAwait(false);
        await Writing.Settings.NoteSealedCodecAsync(Db, ct).ConfigureAwait(false);
        return number;
    }

    /// <summary>Wraps the data keys with the newest key of the vault; nothing that is sealed changes.</summary>
    /// <returns>How many keys were wrapped.</returns>
    /// <exception cref="KeyVaultException">The vault cannot be used.</exception>
    public Task<int> RewrapDataKeysAsync(CancellationToken ct) => _dataKeys.RewrapAsync(ct);

    /// <summary>Seals one piece anew that lies under an older key; may be stopped and begun again anywhere, by any process.</summary>
    /// <param name="tables">Tables of modules that are sealed too.</param>
    /// <returns>What was sealed and how far it is; null when everything lies under the newest key.</returns>
    public async Task<(string Name, long Done, long Total)?> SealStepAsync(IReadOnlyList<SealedTable> tables, CancellationToken ct)
    {
        if (Db.Keys.Active > 0 && await _dataKeys.IsWornAsync(ct).ConfigureAwait(false))
        {
            await RotateDataKeyAsync(ct).ConfigureAwait(false);
        }

        return await new BodyMover(Db, tables).StepAsync(ct).ConfigureAwait(false);
    }
}
