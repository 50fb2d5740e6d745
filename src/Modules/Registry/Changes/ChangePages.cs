using Mach.Access;
using Mach.Registry.Ledgers;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Changes;

/// <summary>Every change of the registry, newest first, and taking one back.</summary>
internal static class ChangePages
{
    private const int PerPage = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/registry/changes", List).WithName("reg-changes").RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/registry/changes/{number}/undo", Undo).WithName("reg-undo").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> List(RegistryBooks books, HttpContext http, long? before, long? blocked, CancellationToken ct)
    {
        var changes = await books.ChangesAsync(PerPage + 1, before ?? long.MaxValue, ct);
        return UiModule.Page<ChangesPage>(new
        {
            Changes = (IReadOnlyList<Change>)[.. changes.Take(PerPage)],
            Older = changes.Count > PerPage ? $"/registry/changes?before={changes[PerPage - 1].Number}" : null,
            Blocked = blocked,
            MayEdit = http.User.MayEditRegistry(),
        });
    }

    /// <summary>Takes a change back by another; refused while later changes build on it.</summary>
    /// <param name="back">The page of a unit or facility to go back to.</param>
    internal static async Task<IResult> Undo(RegistryBooks books, HttpContext http, long number, [FromForm] string? why, [FromForm] string? back, CancellationToken ct)
    {
        if ((await books.ChangesAsync([number], ct)).Count == 0)
        {
            return TypedResults.NotFound();
        }

        // Only pages of this room: an address from outside never leads anywhere else.
        var page = back is not null && (back.StartsWith("/units/", StringComparison.Ordinal) || back.StartsWith("/facilities/", StringComparison.Ordinal)) && !back.AsSpan().ContainsAny("\\?#") ? back : "/registry/changes";
        try
        {
            await books.ChangeAsync(
                new ChangeNote("undo", http.User.AccountName(), (why ?? "").Trim(), "change:" + number.ToString(System.Globalization.CultureInfo.InvariantCulture), number),
                draft =>
                {
                    if (draft.Undo(number) is { } later)
                    {
                        throw new BlockedException(later);
                    }
                },
                ct);
            return TypedResults.Redirect(page);
        }
        catch (BlockedException e)
        {
            return TypedResults.Redirect(page + $"?blocked={e.By}");
        }
    }

    private sealed class BlockedException(long by) : Exception
    {
        public long By => by;
    }
}
