using System.Text.Json;
using Mach.Contracts.People;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.People.Search;

/// <summary>One who may be the person sought.</summary>
internal sealed record Found(string Patient, PersonFacts Facts, Judgement Judgement);

/// <summary>Looks for a person among all: by the numbers in the record's own index, by blocking keys for everything else; then weighs each.</summary>
internal sealed class PersonMatcher(RecordStore store, ProfileTable profiles, Follower follower, FactsMaker facts, Weights weights) : IPersonMatcher
{
    /// <summary>More are not read: who shares more keys comes first.</summary>
    private const int MostCandidates = 400;

    public async Task<IReadOnlyList<PersonCandidate>> MatchAsync(PersonSought sought, int count, CancellationToken ct) =>
        [.. (await FindAsync(facts.Make(sought), ct)).Take(count).Select(Answer)];

    public Task<IReadOnlyList<PersonCandidate>> MatchAsync(JsonElement patient, int count, CancellationToken ct) => MatchAsync(PatientFacts.Sought(patient), count, ct);

    /// <summary>Best first; those that are certainly somebody else are left out.</summary>
    public async Task<IReadOnlyList<Found>> FindAsync(PersonFacts sought, CancellationToken ct)
    {
        // What another door has just written is found too.
        await follower.CatchUpAsync(ct);
        var person = new Candidate(sought);
        var judge = new Judge(await weights.CurrentAsync(ct), await profiles.PeopleAsync(ct));
        var byId = new Dictionary<string, PersonFacts>(StringComparer.Ordinal);
        foreach (var row in await profiles.FindAsync(BlockingKeys.Of(person), MostCandidates, ct))
        {
            byId[row.Patient] = row.Read();
        }

        var keys = NumberKeys(sought).ToList();
        if (keys.Count > 0)
        {
            foreach (var holder in (await store.FindByIdentifierAsync("Patient", keys, ct)).Values.SelectMany(v => v))
            {
                byId.TryAdd(holder.Id, PatientFacts.Read(facts, holder.Body));
            }
        }

        return [.. byId.Select(p => new Found(p.Key, p.Value, judge.Weigh(person, new Candidate(p.Value))))
            .Where(f => f.Judgement.Bits > LeastBits).OrderByDescending(f => f.Judgement.Bits).ThenBy(f => f.Patient, StringComparer.Ordinal)];
    }

    /// <summary>Below this it is somebody else with one chance in a thousand.</summary>
    private const double LeastBits = -10;

    internal static PersonCandidate Answer(Found found) => new(
        found.Patient,
        Math.Round(found.Judgement.Score, 4),
        found.Judgement.Grade switch { Grade.Link => MatchGrade.Certain, Grade.Ask => MatchGrade.Probable, _ => MatchGrade.Possible },
        [.. found.Judgement.Contributions.Select(c => new MatchReason(c.Field.ToString().ToLowerInvariant(), Level.NameOf(c.Field, c.Level), Math.Round(c.Bits, 1)))],
        found.Judgement.Cap);

    private static IEnumerable<string> NumberKeys(PersonFacts person)
    {
        if (person.CitizenNumber is { } citizen)
        {
            yield return Systems.NationalId + "|" + citizen;
        }

        foreach (var number in person.InsuranceNumbers)
        {
            yield return Systems.InsuranceNumber + "|" + number;
        }

        foreach (var paper in person.Papers)
        {
            yield return (paper[0] switch { 'c' => Systems.CitizenId, 'p' => Systems.Passport, _ => PatientFacts.BirthCertificate }) + "|" + paper[2..];
        }
    }
}
