using Mach.Fhir.Search;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Interactions;

/// <summary>GET [base]/Patient/id/Type?… and POST …/_search: what a type holds of one compartment; "*" in place of the type is all of them.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#vsearch, http://hl7.org/fhir/R4/compartmentdefinition.html.</remarks>
internal static class CompartmentSearch
{
    public static Task GetAsync(FhirCall call) => HandleAsync(call, call.Query);

    public static async Task PostAsync(FhirCall call) => await HandleAsync(call, await Search.WithFormAsync(call));

    private static async Task HandleAsync(FhirCall call, IReadOnlyList<KeyValuePair<string, string>> asked)
    {
        var (compartment, id) = ((string)call.Context.Request.RouteValues["compartment"]!, call.NeedId());
        var inside = (string)call.Context.Request.RouteValues["type"]!;
        var catalog = call.Records.Catalog;
        if (!catalog.CompartmentTypes.Contains(compartment))
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-supported", $"{FhirCall.Shorten(compartment)} has no compartment; {string.Join(", ", catalog.CompartmentTypes.Order(StringComparer.Ordinal))} have.");
        }

        if (inside == "*")
        {
            var types = ServedTypes.All.Where(type => catalog.Compartment(compartment, type) is { Count: > 0 }).ToList();
            call.Need("*", 's');
            await SystemSearch.HandleAsync(call, asked, types, $"{call.Base}/{compartment}/{id}/*", query => Inside(query, compartment, id));
            return;
        }

        var type = call.NeedType('s');
        var (pairs, cursor) = Search.Read(call, asked);
        var query = Inside(Search.Parse(call, type, pairs, await NamedInSearch.OfAsync(call, pairs)), compartment, id) with { Cursor = cursor };
        var page = await call.Records.SearchAsync(query, call.Aborted);
        await Search.AnswerAsync(call, $"{call.Base}/{compartment}/{id}/{type}", pairs, query, page, cursor);
    }

    private static SearchQuery Inside(SearchQuery query, string compartment, string id) =>
        SearchClause.InCompartment(query.Catalog, compartment, id, query.Type) is { } clause
            ? query with { Clauses = [.. query.Clauses, clause] }
            : throw new FhirProblem(StatusCodes.Status404NotFound, "not-supported", $"{query.Type} is never in the compartment of a {compartment}.");
}
