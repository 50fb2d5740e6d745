using Mach.Data;
using Mach.Store.Parameters;

namespace Mach.Store;

/// <summary>How far a search parameter that was added to the store is.</summary>
/// <param name="State">building, enabled, dropping or refused.</param>
/// <param name="Done">Position in the type's heads, 0 to <paramref name="Total"/>.</param>
/// <param name="Reason">Why it is refused.</param>
public sealed record ParameterProgress(string Url, string Type, string Code, string State, long Done, long Total, string? Reason)
{
    /// <summary>How many resources are not found by it because its expression fails on them.</summary>
    public long Failed { get; init; }

    /// <summary>The first of those, with what is wrong.</summary>
    public string? Failure { get; init; }
}

public sealed partial class RecordStore
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _builderGate = new();
    private Task _builder = Task.CompletedTask;
    private bool _isBuilding, _again;

    /// <summary>The parameters that were added, and how far their index is.</summary>
    public async Task<IReadOnlyList<ParameterProgress>> ParametersAsync(CancellationToken ct)
    {
        var progress = new List<ParameterProgress>();
        var failures = await _parameters.FailuresAsync(ct).ConfigureAwait(false);
        foreach (var row in await _parameters.ReadAsync(ct).ConfigureAwait(false))
        {
            var total = row.Type.Length == 0 ? 0 : await _parameters.LastSequenceAsync(row.Type, ct).ConfigureAwait(false);
            progress.Add(new ParameterProgress(row.Url, row.Type, row.Code, row.State, row.State == ParameterRow.Enabled ? total : Math.Min(row.Cursor, total), total, row.Reason)
            {
                Failed = failures.GetValueOrDefault(row.P).Count,
                Failure = failures.GetValueOrDefault(row.P).First,
            });
        }

        return progress;
    }

    /// <summary>Returns when the index of every added parameter is complete.</summary>
    public async Task BuildParametersAsync(CancellationToken ct)
    {
        while (await StepAsync(ct).ConfigureAwait(false))
        {
        }
    }

    private async Task TakeUpParametersAsync(CancellationToken ct)
    {
        await _parameters.SyncAsync(ct).ConfigureAwait(false);
        await ReloadCatalogAsync(ct).ConfigureAwait(false);
        StartBuilding();
    }

    /// <summary>Loads are not in order: one that began earlier and ends later must not undo what a newer one has read.</summary>
    private async Task<CatalogState> ReloadCatalogAsync(CancellationToken ct)
    {
        var loaded = await _parameters.LoadAsync(ct).ConfigureAwait(false);
        lock (_builderGate)
        {
            return loaded.Version < _catalog.State.Version ? _catalog.State : _catalog.State = loaded;
        }
    }

    private async Task<bool> StepAsync(CancellationToken ct)
    {
        var state = await ReloadCatalogAsync(ct).ConfigureAwait(false);
        var more = await _indexBuilder.StepAsync(state.Catalog, ct).ConfigureAwait(false);
        // Also when nothing was left to do: another may have completed it since the catalog was read.
        await ReloadCatalogAsync(ct).ConfigureAwait(false);
        return more;
    }

    /// <summary>Begins to complete the index behind the answers to others, unless that is under way.</summary>
    private void StartBuilding()
    {
        lock (_builderGate)
        {
            _again = true;
            if (!_isBuilding && !_closing.IsCancellationRequested)
            {
                _isBuilding = true;
                _builder = Task.Run(BuildAsync);
            }
        }
    }

    private async Task BuildAsync()
    {
        while (true)
        {
            lock (_builderGate)
            {
                if (!_again || _closing.IsCancellationRequested)
                {
                    _isBuilding = false;
                    return;
                }

                _again = false;
            }

            try
            {
                await BuildParametersAsync(_closing.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The store closes; the cursor says where to go on.
            }
            catch (Exception e) when (Db.IsUnavailable(e))
            {
                // The database will be back: what was done stands, the rest is tried again.
                _again = true;
                await Task.Delay(Pause, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
