using System.Globalization;
using Mach.Access;
using Mach.Contracts.People;
using Mach.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi.Operations;

/// <summary>
/// Patient/id/$everything and Encounter/id/$everything: the resource, its compartment page by page, and with each page what that refers to outside of it.
/// A person's other records, linked by <c>Patient.link</c>, follow after the one asked for.
/// </summary>
/// <remarks>Source: http://hl7.org/fhir/R4/patient-operation-everything.html, http://hl7.org/fhir/R4/encounter-operation-everything.html.</remarks>
internal static class Everything
{
    private const int DefaultCount = 100, MaxCount = 1000;

    /// <summary>Whether the person's other records follow; true when not given.</summary>
    private const string LinkedToo = "_mdm";

    private static readonly string[] Linked = [LinkedToo];

    public static async Task HandleAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        var input = await OperationInput.ReadAsync(call, isShaped: true);
        input.NeedOnly(call, ["_count", "_since", "start", "end", "_type", Interactions.Search.Cursor, .. type == "Patient" ? Linked : []]);
        if (call.Shape.IsCount)
        {
            throw new FhirProblem(400, "not-supported", "What belongs to a record is not counted; read its pages.", Presentation.ResourceShape.Summary);
        }

        var query = new EverythingQuery(type, id)
        {
            Count = input.Number("_count", DefaultCount, 1, MaxCount),
            Since = Instant(input, "_since")?.Low,
            From = Instant(input, "start")?.Low,
            To = Instant(input, "end")?.High,
            Types = [.. input.Texts("_type").SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(NeedKnown)],
            Cursor = input.Text(Interactions.Search.Cursor),
            Linked = type == "Patient" && FollowsLinks(input) && call.Context.RequestServices.GetService<IPersonLinks>() is { } links ? [.. (await links.LinkedAsync(id, call.Aborted)).Skip(1).Order(StringComparer.Ordinal)] : [],
        };
        EverythingPage? page;
        try
        {
            page = await call.Records.EverythingAsync(query, call.Aborted);
        }
        catch (ArgumentException e)
        {
            throw new FhirProblem(400, "invalid", e.Message, Interactions.Search.Cursor);
        }

        if (page is null)
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"There is no {type}/{id}.");
        }

        if (page.IsDeleted)
        {
            throw new FhirProblem(StatusCodes.Status410Gone, "deleted", $"{type}/{id} was deleted.");
        }

        await WriteAsync(call, input, query, page);
    }

    private static async Task WriteAsync(FhirCall call, OperationInput input, EverythingQuery query, EverythingPage page)
    {
        var path = $"{call.Base}/{query.Type}/{query.Id}/$everything";
        var now = call.Context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var allowed = new Dictionary<string, bool>(StringComparer.Ordinal);
        using var bundle = new BundleWriter(call.Base, "searchset", now, null, Link(path, input, query, query.Cursor), page.Next is null ? null : Link(path, input, query, page.Next)) { Shape = call.Shape };
        var open = false;
        foreach (var (resources, mode) in new[] { (page.Matches, "match"), (page.Included, "include") })
        {
            foreach (var resource in resources)
            {
                if (!allowed.TryGetValue(resource.Type, out var may))
                {
                    allowed[resource.Type] = may = call.User.MayReadFhir(resource.Type, 'r');
                }

                if (may)
                {
                    Open(bundle, ref open);
                    bundle.WriteMatch(resource, mode == "match" ? "match"u8 : "include"u8);
                }
            }
        }

        if (open)
        {
            bundle.EndEntries();
        }

        await FhirAnswer.SendAsync(call, bundle.End());
    }

    private static void Open(BundleWriter bundle, ref bool open)
    {
        if (!open)
        {
            bundle.StartEntries();
            open = true;
        }
    }

    private static string Link(string path, OperationInput input, EverythingQuery query, string? cursor)
    {
        var asked = input.Pairs("_count", Interactions.Search.Cursor).Where(p => p.Key is "_since" or "start" or "end" or "_type" or "_summary" or "_elements")
            .Concat(input.Text(LinkedToo) is { } linked ? [KeyValuePair.Create(LinkedToo, linked)] : []).Select(p => $"&{p.Key}={Uri.EscapeDataString(p.Value)}");
        return string.Create(CultureInfo.InvariantCulture, $"{path}?_count={query.Count}{string.Concat(asked)}{(cursor is null ? "" : $"&{Interactions.Search.Cursor}={Uri.EscapeDataString(cursor)}")}");
    }

    /// <exception cref="FhirProblem">400: neither true nor false.</exception>
    private static bool FollowsLinks(OperationInput input) => input.Text(LinkedToo) switch
    {
        null or "true" => true,
        "false" => false,
        _ => throw new FhirProblem(400, "invalid", $"{LinkedToo} is true (the person's linked records follow, as without it) or false (this record alone).", LinkedToo),
    };

    private static AskedTime? Instant(OperationInput input, string name) => input.Text(name) is not { } text ? null
        : AskedTime.TryParse(text, out var time) ? time
        : throw new FhirProblem(400, "invalid", $"{name} is a date or an instant such as 2026-07-01T08:30:00+07:00.", name);

    private static string NeedKnown(string type) => ServedTypes.Contains(type) ? type
        : throw new FhirProblem(400, "invalid", $"{FhirCall.Shorten(type)} in _type is not a resource type of R4.", "_type");
}
