using Mach.Access.Web;
using Mach.Access;
using Mach.Registry.Ledgers;
using Mach.Registry.Units.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Imports.Pages;

/// <summary>A problem of a file in the language of the page.</summary>
public sealed record ProblemLine(string Where, string Text);

/// <summary>Upload a list, look at what it would change, apply it.</summary>
internal static class ImportPages
{
    private const int Shown = 50;
    private const int MostDifferences = 300;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/imports", List).WithName("reg-imports").RequireAuthorization(Policies.EditRegistry);
        routes.MapPost("/imports", Upload).WithName("reg-import-upload").RequireAuthorization(Policies.EditRegistry)
            // Twice what is taken: a list that is too long by little still gets its reason on the page.
            .WithMetadata(new RequestSizeLimitAttribute(2 * Sheet.MostBytes));
        routes.MapGet("/imports/{id}", Show).WithName("reg-import").RequireAuthorization(Policies.EditRegistry);
        routes.MapPost("/imports/{id}/apply", Apply).WithName("reg-import-apply").RequireAuthorization(Policies.EditRegistry);
    }

    internal static async Task<IResult> List(Importing importing, RegistryBooks books, string? error, CancellationToken ct) =>
        UiModule.Page<ImportListPage>(new { Files = await importing.ListAsync(Shown, ct), Today = books.Today(), Error = error });

    internal static async Task<IResult> Upload(Importing importing, HttpContext http, CancellationToken ct)
    {
        var form = await http.Request.FormAsync(ct);
        var file = form.Files.GetFile("file");
        if (file is null || file.Length == 0 || ImportKinds.Find(form["kind"]) is not { } kind || UnitQuery.Day(form["from"]) is not { } from)
        {
            return TypedResults.Redirect("/imports?error=file");
        }

        if (file.Length > Sheet.MostBytes)
        {
            return TypedResults.Redirect("/imports?error=size");
        }

        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        var kept = await importing.KeepAsync(kind.Name, Path.GetFileName(file.FileName), bytes.ToArray(), from, http.User.AccountName(), ct, whole: form["whole"] == "1");
        return TypedResults.Redirect("/imports/" + kept.Id);
    }

    internal static async Task<IResult> Show(Importing importing, string id, CancellationToken ct)
    {
        if (await importing.FindAsync(id, ct) is not { } file)
        {
            return TypedResults.NotFound();
        }

        return Page(file, await importing.PreviewAsync(file, ct));
    }

    internal static async Task<IResult> Apply(Importing importing, HttpContext http, string id, CancellationToken ct)
    {
        if (await importing.FindAsync(id, ct) is not { } file)
        {
            return TypedResults.NotFound();
        }

        var (problems, _) = file.Change is null ? await importing.ApplyAsync(file, http.User.AccountName(), ct) : ([], null);
        return problems.Count > 0 ? Page(file, new ImportPreview(problems, [], 0)) : TypedResults.Redirect("/imports/" + id);
    }

    private static RazorComponentResult<ImportPage> Page(ImportFile file, ImportPreview preview) => UiModule.Page<ImportPage>(new
    {
        File = file,
        Problems = (IReadOnlyList<ProblemLine>)[.. preview.Problems.Select(p => new ProblemLine(p.Where, Texts.IsEnglish ? p.En : p.Vi))],
        Differences = (IReadOnlyList<ImportDifference>)[.. preview.Differences.Take(MostDifferences)],
        Counts = (preview.Lines, preview.Added, preview.Changed, preview.Ended),
    });
}
