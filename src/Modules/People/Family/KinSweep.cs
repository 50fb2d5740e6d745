using System.Text.Json;
using Dapper;
using Mach.Data;
using Mach.Kernel;
using Mach.People.Index;
using Mach.People.Profiles;
using Mach.Store;

namespace Mach.People.Family;

/// <summary>What a step of the sweep did.</summary>
internal readonly record struct KinSwept(int Read, int Linked, int Asked);

/// <summary>
/// Follows the log for papers that speak of a family, and for people whose numbers those papers name. Where a number names exactly one person and nothing speaks against it, the two are linked;
/// where something does, it waits for somebody. A name alone links nobody: the page offers it. Runs behind the doors.
/// </summary>
internal sealed class KinSweep(RecordStore store, KinTable table, FamilyLinks links, TimeProvider clock)
{
    public const string Machine = "mach";
    private const int Step = 200;
    private static readonly string[] Types = ["RelatedPerson", "Composition", "Patient"];

    /// <summary>One step of at most 200 changes of each kind; nothing left = Read is 0.</summary>
    public async Task<KinSwept> StepAsync(CancellationToken ct)
    {
        var (read, clues, reached) = (0, new List<Clue>(), new List<TableRows>());
        foreach (var type in Types)
        {
            var cursor = "kin-" + type;
            var changed = await store.ChangedAsync(type, await Follower.ReadCursorAsync(store.Db, cursor, ct), Step, ct);
            if (changed.Count > 0)
            {
                read += changed.Count;
                await TakeAwayAsync(type, changed, ct);
                if (type == "Patient")
                {
                    await links.RefreshAsync([.. changed.Select(p => p.Id)], ct);
                }

                clues.AddRange(type == "Patient" ? await NamedAsync(changed, ct) : await TakeAsync(changed, ct));
                reached.Add(Follower.CursorRow(cursor, changed[^1].Seq));
            }
        }

        var (linked, asked) = await ResolveAsync([.. clues.Where(c => c.IdKey.Length > 0).DistinctBy(c => c.Source)], ct);
        if (reached.Count > 0)
        {
            // Only now: what is done twice after a crash is found done.
            await store.Db.WriteAsync(async (connection, transaction) =>
            {
                await store.Db.InsertAsync(connection, transaction, reached[0] with { Rows = [.. reached.SelectMany(r => r.Rows)] }, ct);
                return 0;
            }, ct);
        }

        return new KinSwept(read, linked, asked);
    }

    /// <summary>Whoever deletes the RelatedPerson of a link, through whichever door, has taken the link away.</summary>
    private async Task TakeAwayAsync(string type, IReadOnlyList<StoredResource> changed, CancellationToken ct)
    {
        foreach (var gone in changed.Where(r => type == "RelatedPerson" && r.IsDeleted))
        {
            if (await store.ReadVersionAsync(type, gone.Id, gone.Version - 1, ct) is not { IsDeleted: false } before || ClueReader.PatientOf(before.Body) is not { } patient)
            {
                continue;
            }

            foreach (var row in (await table.OfAsync([patient], ct)).Where(k => k.State == KinRow.Linked && k.ResourceId == gone.Id))
            {
                await links.RemoveAsync(new KinWanted(row.Patient, row.Relative, row.Kind, Machine, "DELETE RelatedPerson/" + gone.Id), ct);
            }
        }
    }

    /// <summary>Keeps what papers say, so that it is there when the other one comes.</summary>
    private async Task<IReadOnlyList<Clue>> TakeAsync(IReadOnlyList<StoredResource> changed, CancellationToken ct)
    {
        var clues = changed.Where(r => !r.IsDeleted).SelectMany(ClueReader.Read).ToList();
        var gone = changed.SelectMany(r => Kinds.Kept.Append(Kinds.Child).Select(kind => $"{r.Type}/{r.Id}#{kind}")).ToList();
        await store.Db.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(store.Db.Sql("DELETE FROM ppl_clue WHERE source {in:gone}"), new { gone = JsonSerializer.Serialize(gone) }, transaction, cancellationToken: ct));
            if (clues.Count > 0)
            {
                await store.Db.InsertAsync(connection, transaction, KinTable.Rows(clues), ct);
            }

            return 0;
        }, ct);
        return clues;
    }

    private async Task<IReadOnlyList<Clue>> NamedAsync(IReadOnlyList<StoredResource> patients, CancellationToken ct) =>
        await table.CluesByKeyAsync([.. patients.Where(p => !p.IsDeleted).SelectMany(p => PatientView.Read(p.Body).Identifiers).Where(i => !i.Disputed).Select(i => i.Key).Distinct(StringComparer.Ordinal)], ct);

    private async Task<(int Linked, int Asked)> ResolveAsync(IReadOnlyList<Clue> clues, CancellationToken ct)
    {
        var holders = await store.FindByIdentifierAsync("Patient", [.. clues.Select(c => c.IdKey).Distinct(StringComparer.Ordinal)], ct);
        var (linked, asked) = (0, 0);
        foreach (var clue in clues)
        {
            var others = (holders.GetValueOrDefault(clue.IdKey) ?? []).Select(h => PatientView.Read(h.Body)).Where(v => v.Holds(clue.IdKey) && v.Id != clue.Patient).ToList();
            if (others is [var other] && await store.ReadAsync("Patient", clue.Patient, ct) is { IsDeleted: false } stored)
            {
                var (wanted, reasons) = Weigh(clue, PatientView.Read(stored.Body), other);
                if (await table.FindAsync(wanted.Patient, wanted.Relative, wanted.Kind, ct) is not null)
                {
                    continue;
                }

                if (reasons.Count == 0)
                {
                    var outcome = await links.LinkAsync(wanted, ct);
                    linked += outcome == KinOutcome.Done ? 1 : 0;
                    reasons.AddRange(outcome switch { KinOutcome.Another => ["another"], KinOutcome.TooYoung => ["age"], KinOutcome.Circle => ["circle"], _ => Array.Empty<string>() });
                }

                asked += reasons.Count > 0 ? await AskAsync(wanted, reasons, ct) : 0;
            }
        }

        return (linked, asked);
    }

    /// <summary>Who is what to whom, and what speaks against it.</summary>
    private static (KinWanted Wanted, List<string> Reasons) Weigh(Clue clue, PatientView holder, PatientView other)
    {
        var isChild = clue.Kind == Kinds.Child;
        var (child, relative) = isChild ? (other, holder) : (holder, other);
        var kind = isChild ? relative.Gender == "male" ? Kinds.Father : Kinds.Mother : clue.Kind;
        var reasons = new List<string>();
        // Until it is named, a child goes by its mother's name.
        var unnamed = other.FoldedName.StartsWith("con ba ", StringComparison.Ordinal) || other.FoldedName.StartsWith("con ", StringComparison.Ordinal);
        if (clue.Name.Length > 0 && !(isChild && unnamed) && PersonDetails.NamesDisagree(VietnameseText.Fold(clue.Name), other.FoldedName))
        {
            reasons.Add("name");
        }

        if (clue.Birth.Length > 0 && other.BirthDate is { } birth && !birth.StartsWith(clue.Birth, StringComparison.Ordinal) && !clue.Birth.StartsWith(birth, StringComparison.Ordinal))
        {
            reasons.Add("birth");
        }

        if (kind is Kinds.Mother && relative.Gender == "male" || kind is Kinds.Father && relative.Gender == "female")
        {
            reasons.Add("sex");
        }

        if (Kinds.IsParent(kind) && child.BirthYear - relative.BirthYear < FamilyLinks.LeastYears)
        {
            reasons.Add("age");
        }

        return (new KinWanted(child.Id, relative.Id, kind, Machine, "", clue.Source.Split('#')[0]), reasons);
    }

    private async Task<int> AskAsync(KinWanted wanted, List<string> reasons, CancellationToken ct)
    {
        var row = new KinRow { Patient = wanted.Patient, Relative = wanted.Relative, Kind = wanted.Kind, State = KinRow.Waiting, Reasons = string.Join(' ', reasons.Distinct()), Source = wanted.Source, AtUs = Instants.Us(clock.GetUtcNow()) };
        await store.Db.WriteAsync(async (connection, transaction) =>
        {
            await store.Db.InsertAsync(connection, transaction, KinTable.Row(row), ct);
            return 0;
        }, ct);
        return 1;
    }
}
