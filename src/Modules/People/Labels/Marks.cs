using System.Text.Json.Nodes;
using Mach.Contracts.People;
using Mach.Data;
using Mach.People.Family;
using Mach.People.Index;
using Mach.Store;

namespace Mach.People.Labels;

internal enum MarkOutcome
{
    Done,
    /// <summary>There is no such Patient, or no such mark.</summary>
    Unknown,
    /// <summary>It is so already, or there is nothing to take back.</summary>
    Nothing,
    /// <summary>Nobody said why.</summary>
    NeedsReason,
}

/// <summary>
/// What a data officer says about a person: confidential or not, a test person or not, wrongly taken for dead or not.
/// It holds for every Patient that is linked; each gets a new version, and what was said is kept with who, when and why.
/// </summary>
internal sealed class Marks(RecordStore store, IPersonLinks links, FamilyLinks family, MarkTable table, TimeProvider clock)
{
    public const string Confidential = "confidential", Open = "open", Test = "test", Real = "real";
    /// <summary>Wrongly taken for dead; <see cref="Dead"/> takes that back.</summary>
    public const string Alive = "alive", Dead = "dead";

    private const int Attempts = 8;

    public async Task<MarkOutcome> MarkAsync(string patient, string mark, string officer, string why, CancellationToken ct)
    {
        if (mark is not (Confidential or Open or Test or Real or Alive or Dead))
        {
            return MarkOutcome.Unknown;
        }

        if (string.IsNullOrWhiteSpace(why))
        {
            return MarkOutcome.NeedsReason;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(patient, mark, officer, why.Trim(), ct);
            }
            catch (CommitConflictException) when (attempt < Attempts)
            {
                // A dossier or another officer was quicker: look at what is there now.
            }
        }
    }

    private async Task<MarkOutcome> TryAsync(string patient, string mark, string officer, string why, CancellationToken ct)
    {
        var ids = await links.LinkedAsync(patient, ct);
        var stored = await store.ReadManyAsync([.. ids.Select(id => ("Patient", id))], ct);
        if (!stored.Any(p => p.Id == patient))
        {
            return MarkOutcome.Unknown;
        }

        var no = await table.LastAsync(ct);
        var earlier = (await table.OfAsync(ids, ct)).ToLookup(m => m.Patient, StringComparer.Ordinal);
        var (writes, rows) = (new List<Write>(), new List<TableRows>());
        foreach (var person in stored)
        {
            if (Changed(person.Body, mark, [.. earlier[person.Id]]) is not { } changed)
            {
                continue;
            }

            writes.Add(new Write(WriteKind.Put, "Patient", person.Id, changed.Body, person.Version));
            rows.Add(MarkTable.Row(new MarkRow { No = ++no, Patient = person.Id, AtUs = Instants.Us(clock.GetUtcNow()), Mark = mark, Officer = officer, Why = why, Was = changed.Was }));
            rows.Add(LabelTable.Row(person.Id, person.Version + 1, PersonLabel.Read(changed.Body)));
        }

        if (writes.Count == 0)
        {
            return MarkOutcome.Nothing;
        }

        await store.CommitAsync(new Commit { Writes = writes, Actor = officer, Rows = rows }, ct);
        // At once, not only when the sweep comes by: the name of a confidential mother does not stay in her child's record.
        await family.RefreshAsync(ids, ct);
        return MarkOutcome.Done;
    }

    /// <summary>Null when it is so already.</summary>
    private (byte[] Body, string Was)? Changed(ReadOnlyMemory<byte> body, string mark, IReadOnlyList<MarkRow> earlier)
    {
        if (mark is Alive or Dead)
        {
            var root = JsonNode.Parse(body.Span)!.AsObject();
            var was = mark == Alive
                ? Death.Refute(root, DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(TimeSpan.FromHours(7)).DateTime))
                : earlier.LastOrDefault(m => m.Mark is Alive or Dead) is { Mark: Alive } refuted && Death.PutBack(root, refuted.Was) ? refuted.Was : null;
            return was is null ? null : (GoldenPatient.Bytes(root), was);
        }

        var changed = mark switch
        {
            Confidential => LabelSplice.Add(body.Span, LabelTable.Confidential),
            Open => LabelSplice.Remove(body.Span, LabelTable.Confidential),
            Test when (PersonLabel.Read(body) & PersonLabels.Test) != 0 => null,
            Test => LabelSplice.Add(body.Span, LabelTable.Test),
            _ => Either(LabelSplice.Remove(body.Span, LabelTable.Test), body, b => LabelSplice.Remove(b.Span, LabelTable.TestAsSecurity)),
        };
        return changed is null ? null : (changed, "");
    }

    /// <summary>Both changes where both change something.</summary>
    private static byte[]? Either(byte[]? first, ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, byte[]?> second) => second(first ?? body) ?? first;
}
