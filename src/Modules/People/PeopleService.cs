using Mach.People.Profiles;
using Mach.People.Search;

namespace Mach.People;

/// <summary>What the command line does with the person index.</summary>
public sealed class PeopleService
{
    private readonly Follower _follower;
    private readonly Weights _weights;

    internal PeopleService(Follower follower, Weights weights) => (_follower, _weights) = (follower, weights);

    /// <summary>Makes profiles and blocking keys anew from the record. Decisions and learned weights stay.</summary>
    /// <returns>Number of people.</returns>
    public Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken ct) => _follower.RebuildAsync(progress, ct);

    /// <summary>Learns a new weight table from the people here and uses it from now on.</summary>
    /// <returns>Its version, and the pairs that it was learned from.</returns>
    /// <exception cref="InvalidOperationException">There are too few people; the message says how many are needed.</exception>
    public async Task<(string Version, long Pairs)> LearnAsync(string actor, CancellationToken ct)
    {
        var learned = await _weights.LearnAsync(actor, ct);
        return (learned.Version, learned.Pairs);
    }
}
