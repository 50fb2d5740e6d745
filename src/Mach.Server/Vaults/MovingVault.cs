using Mach.Store.Sealing;

namespace Mach.Server.Vaults;

/// <summary>A vault, and the one whose place it takes: what the former wrapped still opens, and <c>mach keys rotate-vault</c> brings it under the new one.</summary>
internal sealed class MovingVault(IKeyVault vault, IKeyVault former) : IKeyVault
{
    public string Name => $"{vault.Name}, before it {former.Name}";

    public bool Has(string key) => vault.Has(key) || former.Has(key);

    public (string Key, byte[] Wrapped) Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context) => vault.Wrap(dataKey, context);

    public byte[] Unwrap(string key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context) => (former.Has(key) ? former : vault).Unwrap(key, wrapped, context);

    public string MakeKey() => vault.MakeKey();
}
