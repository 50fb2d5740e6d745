using Mach.Access.Audit;
using Mach.Contracts.People;
using Mach.Data;
using Mach.FhirApi.Bodies;
using Mach.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Writing;

/// <summary>
/// Brings changes into the record as one commit: decides what each falls on, makes the bodies, commits, and decides anew when somebody was quicker.
/// A single interaction is a run with one change; a transaction is one with many.
/// </summary>
internal sealed class WriteRun(FhirCall call, IReadOnlyList<Change> changes, Links links)
{
    /// <summary>Each time, somebody else's write went through; so many in a row are not bad luck.</summary>
    private const int MaxAttempts = 64;

    private const int FreeAttempts = 3;
    private const int LongestPauseMs = 10;

    private readonly Decision _decision = new(call);
    private readonly Edits _edits = new();
    private readonly List<TableRows> _rows = [];

    /// <summary>The key under which a repeated request is known; null = none.</summary>
    public RequestKey? Key { get; init; }

    /// <summary>Returns when it is durable; the results stand in the changes.</summary>
    /// <exception cref="FhirProblem">400, 404, 409, 410, 412, 422: nothing was written.</exception>
    public async Task RunAsync()
    {
        if (Key is not null && await Replay.TellAsync(call, changes, Key))
        {
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            foreach (var change in changes)
            {
                await _decision.MakeAsync(change);
            }

            Overlap.Check(changes);
            links.Prepare(changes);
            MakeBodies();
            if (await links.ResolveAsync(call))
            {
                MakeBodies();
            }

            await PersonWrites.NeedAsync(call, changes);
            await KeepLabelsAsync();
            try
            {
                await CommitAsync();
                return;
            }
            catch (ClaimHeldException)
            {
                throw RequestKey.Reused();
            }
            catch (CommitConflictException e)
            {
                await NeedAnotherAttemptAsync(attempt, e);
            }
        }
    }

    private async Task NeedAnotherAttemptAsync(int attempt, CommitConflictException conflict)
    {
        foreach (var change in changes)
        {
            await _decision.NeedConditionsAsync(change);
        }

        if (attempt == MaxAttempts || changes.Any(c => c is { Kind: ChangeKind.Update, Criteria: not null, IfVersion: 0 } && conflict is not GuardFailedException))
        {
            throw new FhirProblem(409, "conflict", attempt == MaxAttempts
                ? "Others keep changing the same resources; nothing was written. Try again."
                : $"{conflict.Message} The search does not find it, so it is another resource with this id.");
        }

        if (attempt > FreeAttempts)
        {
            await Task.Delay(Random.Shared.Next(1, LongestPauseMs), call.Aborted);
        }
    }

    private void MakeBodies()
    {
        List<OutcomeIssue>? issues = null;
        foreach (var change in changes)
        {
            if (change.Result is not null || change.SameAs is not null || change.Kind == ChangeKind.Delete)
            {
                continue;
            }

            var bytes = change.Kind == ChangeKind.Patch ? Patched(change, ref issues) : change.Bytes;
            if (change.Kind != ChangeKind.Patch && !change.Validated)
            {
                change.Validated = true;
                Validity.Check(call, change.Resource, change.Place, ref issues);
            }

            _edits.Clear();
            ResourceSplice.Collect(bytes.Span, change.Target, _edits);
            links.Collect(bytes, change, _edits);
            change.Body = _edits.Apply(bytes);
        }

        if (issues is not null)
        {
            throw new FhirProblem(422, issues);
        }
    }

    private ReadOnlyMemory<byte> Patched(Change change, ref List<OutcomeIssue>? issues)
    {
        try
        {
            using var current = new PooledBuffer();
            change.Current!.WriteTo(current);
            var bytes = change.Patch!.Apply(current.Written);
            using var document = JsonBody.Parse(bytes);
            if (JsonBody.TypeOf(document.RootElement) != change.Type || JsonBody.IdOf(document.RootElement) != change.Target)
            {
                throw new FhirProblem(422, "business-rule", "A patch cannot change the type or the id of a resource.", $"{change.Type}.id");
            }

            Validity.Check(call, document.RootElement, change.Place, ref issues);
            return bytes;
        }
        catch (FhirProblem problem) when (change.Place is not null)
        {
            throw problem.Within(change.Place);
        }
    }

    /// <summary>Labels of a person that a data officer set stay, whatever a program sends. The version is pinned before they are read, so that one set meanwhile makes it try again.</summary>
    private async Task KeepLabelsAsync()
    {
        _rows.Clear();
        if (call.Context.RequestServices.GetService<IPersonLabelKeeper>() is not { } keeper)
        {
            return;
        }

        foreach (var change in changes.Where(c => c is { Type: "Patient", Result: null, SameAs: null } && c.Kind != ChangeKind.Delete))
        {
            if (change.IfVersion is null && !change.KnownNew)
            {
                change.IfVersion = await call.Store.ReadAsync("Patient", change.Target, call.Aborted) is { IsDeleted: false } head ? head.Version : 0;
            }

            var kept = await keeper.KeepAsync(change.Target, change.Body, change.KnownNew ? null : change.IfVersion, call.Aborted);
            change.Body = kept.Body;
            _rows.AddRange(kept.Rows);
        }
    }

    private async Task CommitAsync()
    {
        var open = changes.Where(c => c.Result is null && c.SameAs is null).ToArray();
        if (open.Length == 0)
        {
            return;
        }

        var commit = new Commit
        {
            Writes = Array.ConvertAll(open, c => new Write(
                c.Kind == ChangeKind.Delete ? WriteKind.Delete : WriteKind.Put, c.Type, c.Target, c.Body, c.IfVersion, c.KnownNew && Key is null, Posted: c.Kind == ChangeKind.Create)),
            Guards = [.. changes.Where(c => c.Guard is not null).Select(c => c.Guard!)],
            Actor = call.Actor,
            IdempotencyKey = Key?.Text,
            Claims = Key is null ? [] : [Key.Claim],
            Rows = [.. _rows],
        };
        CommitResult result;
        try
        {
            result = await call.Store.CommitAsync(commit, call.Aborted);
        }
        catch (ArgumentException e)
        {
            // What the store cannot index, though the validator let it pass: a value of another kind than the element has.
            throw new FhirProblem(422, "structure", e.Message);
        }

        for (var i = 0; i < open.Length; i++)
        {
            open[i].Result = await ResultAsync(open[i], result.Versions[i], result.At);
            call.Context.Audit().Show(open[i].Type, open[i].Target, open[i].Body.Span);
        }

        foreach (var change in changes.Where(c => c.SameAs is not null))
        {
            change.Result = change.SameAs!.Result! with { Status = 200 };
        }
    }

    private async Task<Written> ResultAsync(Change change, WrittenVersion version, DateTimeOffset at)
    {
        var status = change.Kind switch
        {
            ChangeKind.Delete => 204,
            ChangeKind.Create => 201,
            ChangeKind.Update when version.Created => 201,
            _ => 200,
        };
        if (!version.Changed && version.Version > 0)
        {
            // Nothing was written: the version that is there says when it was.
            at = (await call.Records.ReadVersionAsync(change.Type, change.Target, version.Version, call.Aborted))?.LastUpdated ?? at;
        }

        return new Written(status, change.Type, change.Target, version.Version, at, change.Body, change.Kind != ChangeKind.Patch);
    }
}
