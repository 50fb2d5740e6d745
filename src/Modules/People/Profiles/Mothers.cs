using System.Text.Json;
using Dapper;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.People.Family;
using Mach.Store;

namespace Mach.People.Profiles;

/// <summary>
/// Takes the mother's name out of RelatedPersons into the child's profile: a mother who is linked after the child was written counts in matching all the same, and no more when that is taken away.
/// </summary>
/// <remarks>Relationship MTH or NMTH of http://terminology.hl7.org/CodeSystem/v3-RoleCode. A confidential mother has no name there.</remarks>
internal sealed class Mothers(RecordStore store, ProfileTable profiles)
{
    private const int Step = 200;
    private const string Cursor = "mothers";

    /// <summary>RelatedPersons that changed since they were last taken up, at most 200.</summary>
    public async Task<IReadOnlyList<StoredResource>> ChangedAsync(CancellationToken ct) => await ChangedAsync(Cursor, ct);

    /// <param name="cursor">Of who else follows them.</param>
    public async Task<IReadOnlyList<StoredResource>> ChangedAsync(string cursor, CancellationToken ct) =>
        await store.ChangedAsync("RelatedPerson", await Follower.ReadCursorAsync(store.Db, cursor, ct), Step, ct);

    /// <summary>There may be more behind these.</summary>
    public static bool IsFull(IReadOnlyList<StoredResource> changed) => changed.Count == Step;

    /// <summary>Whose RelatedPersons they are, and were before the change.</summary>
    public async Task<IReadOnlyList<string>> ChildrenAsync(IReadOnlyList<StoredResource> changed, CancellationToken ct)
    {
        var children = new HashSet<string>(StringComparer.Ordinal);
        foreach (var related in changed)
        {
            var before = related.Version > 1 ? await store.ReadVersionAsync("RelatedPerson", related.Id, related.Version - 1, ct) : null;
            foreach (var version in new[] { related, before })
            {
                if (version is { IsDeleted: false } && ClueReader.PatientOf(version.Body) is { } child)
                {
                    children.Add(child);
                }
            }
        }

        return [.. children];
    }

    /// <param name="changed">Of <see cref="ChangedAsync(CancellationToken)"/>, asked before the Patients were taken up: so those they belong to have profiles.</param>
    public async Task TakeAsync(IReadOnlyList<StoredResource> changed, CancellationToken ct)
    {
        if (changed.Count == 0)
        {
            return;
        }

        var children = await ChildrenAsync(changed, ct);
        var said = await SaidAsync(children, ct);
        var rows = (await profiles.ReadAsync([.. children.Select(Profile.NumberOf)], ct)).Where(r => r.Mother != said.GetValueOrDefault(r.Patient, "")).ToList();
        await store.Db.WriteAsync(async (connection, transaction) =>
        {
            foreach (var row in rows)
            {
                var now = row with { Mother = said.GetValueOrDefault(row.Patient, "") };
                await connection.ExecuteAsync(new CommandDefinition("UPDATE ppl_profile SET mother = @mother WHERE n = @n", new { mother = now.Mother, n = now.N }, transaction, cancellationToken: ct));
                if (Profile.Blocks(now.N, now.Read(), row.Read()) is { } blocks)
                {
                    await store.Db.InsertAsync(connection, transaction, blocks, ct);
                }
            }

            await store.Db.InsertAsync(connection, transaction, Follower.CursorRow(Cursor, changed[^1].Seq), ct);
            return 0;
        }, ct);
    }

    /// <summary>The mother's name by child; of several the one under the smallest id.</summary>
    private async Task<Dictionary<string, string>> SaidAsync(IReadOnlyList<string> children, CancellationToken ct)
    {
        var said = new Dictionary<string, (string Id, string Name)>(StringComparer.Ordinal);
        var known = children.Where(id => id.Length <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')).ToList();
        for (string? cursor = null; known.Count > 0;)
        {
            var page = await store.SearchAsync(SearchQuery.Parse("RelatedPerson", [new("patient", string.Join(',', known.Select(id => "Patient/" + id)))]) with { Count = SearchQuery.MaxCount, Cursor = cursor }, ct);
            foreach (var related in page.Matches)
            {
                if (Read(related.Body) is (string child, string name) && (!said.TryGetValue(child, out var other) || string.CompareOrdinal(related.Id, other.Id) < 0))
                {
                    said[child] = (related.Id, name);
                }
            }

            if ((cursor = page.Next) is null)
            {
                break;
            }
        }

        return said.ToDictionary(s => s.Key, s => s.Value.Name, StringComparer.Ordinal);
    }

    private static (string Child, string Name)? Read(ReadOnlyMemory<byte> relatedPerson)
    {
        using var json = JsonDocument.Parse(relatedPerson);
        var (root, child) = (json.RootElement, ClueReader.PatientOf(relatedPerson));
        var isActive = !root.TryGetProperty("active", out var active) || active.ValueKind != JsonValueKind.False;
        return child is not null && isActive && PatientFacts.IsMother(root) && PatientFacts.NameOf(root) is { Length: > 0 } name ? (child, VietnameseText.Compose(name)) : null;
    }
}
