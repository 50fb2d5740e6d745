using Mach.Access.Authority;
using Mach.FhirApi.Bodies;
using Mach.Store;

namespace Mach.FhirApi.Writing;

/// <summary>Decides what a change falls on: which id, which version is expected, or that there is nothing to write.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#create, #ccreate, #update, #cond-update, #upsert, #patch, #delete, #3.1.0.7.1.</remarks>
internal sealed class Decision(FhirCall call)
{
    public async Task MakeAsync(Change change)
    {
        try
        {
            change.Forget();
            await (change.Criteria is null ? ByIdAsync(change) : ByCriteriaAsync(change, change.Criteria));
        }
        catch (FhirProblem problem) when (change.Place is not null)
        {
            throw problem.Within(change.Place);
        }
    }

    /// <summary>After a conflict: refuses when it is the client's own condition that does not hold, and returns when trying again makes sense.</summary>
    public async Task NeedConditionsAsync(Change change)
    {
        if (change.Criteria is not null || (change.IfMatch is null && !change.OnlyNew) || change.Kind == ChangeKind.Create)
        {
            return;
        }

        var current = await CurrentVersionAsync(change);
        if (change.OnlyNew ? current > 0 : !change.IfMatch!.Holds(current))
        {
            throw change.Place is null ? Stale(change, current) : Stale(change, current).Within(change.Place);
        }
    }

    private async Task ByIdAsync(Change change)
    {
        switch (change.Kind)
        {
            case ChangeKind.Create:
                New(change);
                break;
            case ChangeKind.Patch:
                await PatchAsync(change, await call.Records.ReadAsync(change.Type, change.Id!, call.Aborted));
                break;
            default:
                await NeedSightAsync(change);
                change.Target = change.Id!;
                change.IfVersion = change.OnlyNew ? 0 : await ExpectedAsync(change);
                break;
        }
    }

    /// <summary>Nobody writes over what is hidden from them. What the token leaves of reading is not asked: a program may write without reading.</summary>
    private async Task NeedSightAsync(Change change)
    {
        var sight = call.Context.Sight() with { Narrowing = null };
        if (!sight.IsTrusted && await call.Store.ReadAsync(change.Type, change.Id!, call.Aborted) is { IsDeleted: false }
            && await call.Store.As(sight).ReadAsync(change.Type, change.Id!, call.Aborted) is null)
        {
            throw new FhirProblem(403, "forbidden", $"{change.Type}/{FhirCall.Shorten(change.Id!)} is not this caller's to write.");
        }
    }

    private async Task ByCriteriaAsync(Change change, IReadOnlyList<KeyValuePair<string, string>> criteria)
    {
        var match = await Criteria.MatchAsync(call, change.Type, criteria);
        if (match.Found.Count > 1)
        {
            throw new FhirProblem(412, "multiple-matches", $"The search of this conditional interaction finds more than one {change.Type}.");
        }

        change.Guard = match.Guard;
        var found = match.Found.Count == 1 ? match.Found[0] : null;
        switch (change.Kind)
        {
            case ChangeKind.Create when found is not null:
                change.Target = found.Id;
                change.Result = new Written(200, found.Type, found.Id, found.Version, found.LastUpdated, found.Body, IsOwn: false);
                break;
            case ChangeKind.Create:
                New(change);
                break;
            case ChangeKind.Update:
                Update(change, found);
                break;
            case ChangeKind.Delete when found is null:
                change.Result = new Written(204, change.Type, "", 0, default, default, IsOwn: false);
                break;
            case ChangeKind.Delete:
                Expect(change, found!);
                break;
            default:
                await PatchAsync(change, found);
                break;
        }
    }

    private static void Update(Change change, StoredResource? found)
    {
        var own = JsonBody.IdOf(change.Resource);
        if (found is not null)
        {
            if (own is not null && own != found.Id)
            {
                throw new FhirProblem(400, "invalid", $"The search finds {found.Type}/{found.Id}, and the resource has the id {FhirCall.Shorten(own)}.", $"{change.Type}.id");
            }

            Expect(change, found);
        }
        else if (change.IfMatch is not null)
        {
            throw Stale(change, 0);
        }
        else if (own is null)
        {
            New(change);
        }
        else
        {
            // An update as create: it must not fall on another resource that the search does not find.
            (change.Target, change.IfVersion) = (FhirCall.CheckId(own), 0);
        }
    }

    private static Task PatchAsync(Change change, StoredResource? current)
    {
        if (current is null || current.IsDeleted)
        {
            throw current is null
                ? new FhirProblem(404, "not-found", change.Id is null ? $"The search finds no {change.Type} to patch." : $"There is no {change.Type}/{change.Id}.")
                : new FhirProblem(410, "deleted", $"{change.Type}/{change.Id} was deleted.");
        }

        change.Current = current;
        Expect(change, current);
        return Task.CompletedTask;
    }

    private static void New(Change change) => (change.Target, change.KnownNew) = (change.NewId, true);

    private static void Expect(Change change, StoredResource current)
    {
        if (change.IfMatch is { } asked && !asked.Holds(current.Version))
        {
            throw Stale(change, current.Version);
        }

        (change.Target, change.IfVersion) = (current.Id, current.Version);
    }

    // One version that is asked for is left to the commit to compare; anything else needs a look.
    private async Task<int?> ExpectedAsync(Change change)
    {
        if (change.IfMatch is not { } asked)
        {
            return null;
        }

        if (asked is { Any: false, Versions.Count: 1 })
        {
            return asked.Versions[0];
        }

        var current = await CurrentVersionAsync(change);
        return asked.Holds(current) ? current : throw Stale(change, current);
    }

    private async Task<int> CurrentVersionAsync(Change change) =>
        await call.Records.ReadAsync(change.Type, change.Id!, call.Aborted) is { IsDeleted: false } head ? head.Version : 0;

    private static FhirProblem Stale(Change change, int current) => new(412, "conflict", (change.OnlyNew, current) switch
    {
        (true, _) => $"{change.Type}/{change.Id} exists already (version {current}).",
        (_, 0) => $"There is no current {change.Type} to match If-Match.",
        _ => $"The current version is {current}; If-Match asks for another one.",
    });
}
