namespace Mach.Registry.Ledgers;

/// <summary>All ledgers as of one change. Immutable.</summary>
/// <param name="Number">Number of the last change.</param>
/// <param name="KnownUs">Latest moment at which anything was stated.</param>
internal sealed record RegistryState(long Number, long KnownUs, Ledger Units, Ledger Successions, Ledger Facilities, Ledger Practitioners, Ledger Catalogues)
{
    public static readonly RegistryState Empty = new(0, 0, Ledger.Empty, Ledger.Empty, Ledger.Empty, Ledger.Empty, Ledger.Empty);
}

/// <summary>One change being prepared over all ledgers.</summary>
internal sealed class RegistryDraft(RegistryState state, long knownUs)
{
    public RegistryState State { get; } = state;

    public long Number { get; } = state.Number + 1;

    public long KnownUs { get; } = knownUs;

    public LedgerDraft Units { get; } = new(state.Units, state.Number + 1, knownUs);

    public LedgerDraft Successions { get; } = new(state.Successions, state.Number + 1, knownUs);

    public LedgerDraft Facilities { get; } = new(state.Facilities, state.Number + 1, knownUs);

    public LedgerDraft Practitioners { get; } = new(state.Practitioners, state.Number + 1, knownUs);

    public LedgerDraft Catalogues { get; } = new(state.Catalogues, state.Number + 1, knownUs);

    public IEnumerable<LedgerDraft> All => [Units, Successions, Facilities, Practitioners, Catalogues];

    public bool IsEmpty => All.All(d => d.IsEmpty);

    public RegistryState Result() => new(Number, Math.Max(KnownUs, State.KnownUs), Units.Result(), Successions.Result(), Facilities.Result(), Practitioners.Result(), Catalogues.Result());

    /// <summary>Takes a change back in all ledgers.</summary>
    /// <returns>Null, or the number of the change that has to be undone first.</returns>
    public long? Undo(long number)
    {
        foreach (var ledger in All)
        {
            if (ledger.Undo(number) is { } later)
            {
                return later;
            }
        }

        return null;
    }
}
