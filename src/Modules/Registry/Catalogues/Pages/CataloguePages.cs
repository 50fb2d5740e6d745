using Mach.Access;
using Mach.Registry.Ledgers;
using Mach.Registry.Units.Pages;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Registry.Catalogues.Pages;

/// <summary>Searches the catalogues as of a day, and shows the versions of one entry.</summary>
internal static class CataloguePages
{
    private const int MostRows = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/catalogues", () => TypedResults.Redirect("/catalogues/" + CatalogueNames.Icd10)).WithName("reg-catalogues").RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/catalogues/{name}", List).WithName("reg-catalogue").RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/catalogues/{name}/entry", Show).WithName("reg-catalogue-entry").RequireAuthorization(Policies.SignedIn);
    }

    internal static async Task<Results<RazorComponentResult<CataloguePage>, NotFound>> List(CatalogueService catalogues, RegistryBooks books, string name, string? q, string? date, CancellationToken ct)
    {
        if (!CatalogueNames.All.Contains(name))
        {
            return TypedResults.NotFound();
        }

        var day = UnitQuery.Day(date) ?? books.Today();
        var (shipped, imported) = await catalogues.CountAsync(name, ct);
        return UiModule.Page<CataloguePage>(new { Name = name, Text = q ?? "", Date = day, Shipped = shipped, Imported = imported, Found = await catalogues.SearchAsync(name, q ?? "", day, MostRows, ct), Most = MostRows });
    }

    internal static async Task<Results<RazorComponentResult<EntryPage>, NotFound>> Show(CatalogueService catalogues, RegistryBooks books, string name, string code, CancellationToken ct)
    {
        if (!CatalogueNames.All.Contains(name) || await catalogues.VersionsAsync(name, code, ct) is not { Count: > 0 } versions)
        {
            return TypedResults.NotFound();
        }

        var facts = (await books.CurrentAsync(ct)).Catalogues.Of(CatalogueLine.Subject(name, code));
        var changes = await books.ChangesAsync(facts.SelectMany(f => (long[])[f.OpenedBy, f.ClosedBy ?? f.OpenedBy]), ct);
        return UiModule.Page<EntryPage>(new
        {
            Name = name,
            Code = code,
            Versions = versions,
            History = (IReadOnlyList<HistoryLine>)[.. facts.OrderByDescending(f => f.OpenedBy).ThenBy(f => f.From).Select(f => (Fact: f, Entry: CatalogueLine.Read(f)))
                .Select(f => new HistoryLine(f.Entry.Version, f.Entry.Name, f.Fact.From, f.Fact.To, changes.GetValueOrDefault(f.Fact.OpenedBy), f.Fact.ClosedBy is { } c ? changes.GetValueOrDefault(c) : null))],
        });
    }
}
