using System.Text.Json;
using Dapper;
using Mach.Contracts.People;
using Mach.Data;
using Mach.Store;

namespace Mach.People.Index;

/// <summary>The persons a batch of claims may speak of, with the batch's own decisions on top.</summary>
internal sealed class KnownPersons
{
    private readonly Dictionary<string, PersonState> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PersonState>> _byKey = new(StringComparer.Ordinal);

    /// <summary>Two look-ups for the whole batch, and a third for how recent what is known is.</summary>
    public static async Task<KnownPersons> LoadAsync(RecordStore store, IReadOnlyList<PersonClaim> claims, CancellationToken ct)
    {
        var batch = new KnownPersons();
        var stored = new Dictionary<string, StoredResource>(StringComparer.Ordinal);
        var keys = claims.SelectMany(PatientKeys.Of).ToHashSet(StringComparer.Ordinal);
        if (keys.Count > 0)
        {
            foreach (var found in (await store.FindByIdentifierAsync("Patient", keys, ct)).Values.SelectMany(v => v))
            {
                stored[found.Id] = found;
            }
        }

        var filed = claims.Select(c => c.FiledUnder).OfType<string>().Where(id => !stored.ContainsKey(id)).Distinct(StringComparer.Ordinal).ToList();
        if (filed.Count > 0)
        {
            foreach (var found in await store.ReadManyAsync([.. filed.Select(id => ("Patient", id))], ct))
            {
                stored[found.Id] = found;
            }
        }

        var times = await LoadTimesAsync(store.Db, stored.Keys, ct);
        foreach (var resource in stored.Values.OrderBy(r => r.Seq))
        {
            batch.Index(new PersonState(resource.Body, PatientView.Read(resource.Body), resource.Version, FieldTimes.Parse(times.GetValueOrDefault(resource.Id))));
        }

        return batch;
    }

    public PersonState? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Persons that this key identifies.</summary>
    public IReadOnlyList<PersonState> Holders(string key) => _byKey.TryGetValue(key, out var persons) ? [.. persons.Where(p => p.View.Holds(key))] : [];

    /// <summary>Provisional persons that claim this key against another one.</summary>
    public IReadOnlyList<PersonState> Disputants(string key) => _byKey.TryGetValue(key, out var persons) ? [.. persons.Where(p => p.View.Disputes(key))] : [];

    public void Index(PersonState person)
    {
        _byId[person.Id] = person;
        foreach (var identifier in person.View.Identifiers)
        {
            if (!_byKey.TryGetValue(identifier.Key, out var persons))
            {
                _byKey[identifier.Key] = persons = [];
            }

            if (!persons.Contains(person))
            {
                persons.Add(person);
            }
        }
    }

    public static TableRows TimesRow(PersonState person) => new(
        "ppl_person",
        [("patient", ColumnType.Text), ("as_of", ColumnType.Text)],
        [[person.Id, person.Times.ToString()]],
        ["patient"]);

    private static async Task<Dictionary<string, string>> LoadTimesAsync(Db db, Dictionary<string, StoredResource>.KeyCollection patients, CancellationToken ct)
    {
        if (patients.Count == 0)
        {
            return [];
        }

        await using var connection = await db.OpenAsync(ct);
        var rows = await connection.QueryAsync<TimesRecord>(new CommandDefinition(db.Sql(SelectTimes), new { patients = JsonSerializer.Serialize(patients) }, cancellationToken: ct));
        return rows.ToDictionary(r => r.Patient, r => r.AsOf, StringComparer.Ordinal);
    }

    private sealed record TimesRecord
    {
        public string Patient { get; init; } = "";
        public string AsOf { get; init; } = "";
    }

    private const string SelectTimes = "SELECT patient AS Patient, as_of AS AsOf FROM ppl_person WHERE patient {in:patients}";
}
