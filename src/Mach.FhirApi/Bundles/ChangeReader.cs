using Mach.FhirApi.Bodies;
using Mach.FhirApi.Patching;
using Mach.FhirApi.Writing;

namespace Mach.FhirApi.Bundles;

/// <summary>Reads a writing entry of a transaction as the change that it asks for.</summary>
internal static class ChangeReader
{
    /// <exception cref="FhirProblem">400, 403, 404: with the place of the entry.</exception>
    public static Change Read(FhirCall call, BundleEntry entry, RequestKey? key)
    {
        try
        {
            var segments = entry.Segments;
            if (segments.Length > 2 || entry.Path.Contains('$', StringComparison.Ordinal))
            {
                throw new FhirProblem(400, "not-supported", $"{entry.Method} {FhirCall.Shorten(entry.Path)} cannot be part of a transaction.", "request.url");
            }

            var (type, id) = (segments[0], segments.Length == 2 ? segments[1] : null);
            if (!ServedTypes.Contains(type))
            {
                throw new FhirProblem(404, "not-supported", $"Resource type {FhirCall.Shorten(type)} is not served here.", "request.url");
            }

            return entry.Method switch
            {
                "POST" => Create(call, entry, type, id, key),
                "PUT" => Update(call, entry, type, id, key),
                "PATCH" => Patch(call, entry, type, id),
                _ => Delete(call, entry, type, id),
            };
        }
        catch (FhirProblem problem)
        {
            throw problem.Within(entry.Place);
        }
    }

    private static Change Create(FhirCall call, BundleEntry entry, string type, string? id, RequestKey? key)
    {
        if (id is not null || entry.Query is not null)
        {
            throw new FhirProblem(400, "invalid", "POST names a type alone: the server gives the id.", "request.url");
        }

        call.NeedWrite(type, 'c');
        NeedType(entry, type);
        return new Change
        {
            Kind = ChangeKind.Create,
            Type = type,
            NewId = FhirCall.NewId(key, entry.Index),
            Criteria = entry.IfNoneExist is null ? null : Criteria.Parse(entry.IfNoneExist),
            CriteriaText = entry.IfNoneExist is { } text ? $"{type}?{text[(text.IndexOf('?', StringComparison.Ordinal) + 1)..]}" : null,
            Resource = entry.Resource,
            Bytes = entry.Bytes,
            Place = entry.Place,
            FullUrl = entry.FullUrl,
        };
    }

    private static Change Update(FhirCall call, BundleEntry entry, string type, string? id, RequestKey? key)
    {
        call.NeedWrite(type, 'u');
        NeedType(entry, type);
        if (id is not null && JsonBody.IdOf(entry.Resource) != FhirCall.CheckId(id))
        {
            throw new FhirProblem(400, "invalid", $"The resource must carry the id of the address: {id}.", "resource.id");
        }

        return new Change
        {
            Kind = ChangeKind.Update,
            Type = type,
            Id = id,
            NewId = FhirCall.NewId(key, entry.Index),
            Criteria = CriteriaOf(entry, id),
            IfMatch = Precondition.Parse(entry.IfMatch, "request.ifMatch"),
            OnlyNew = id is not null && entry.IfNoneMatch?.Trim() == "*",
            Resource = entry.Resource,
            Bytes = entry.Bytes,
            Place = entry.Place,
            FullUrl = entry.FullUrl,
        };
    }

    private static Change Patch(FhirCall call, BundleEntry entry, string type, string? id)
    {
        call.NeedWrite(type, 'u');
        return new Change
        {
            Kind = ChangeKind.Patch,
            Type = type,
            Id = id is null ? null : FhirCall.CheckId(id),
            NewId = "",
            Criteria = CriteriaOf(entry, id),
            IfMatch = Precondition.Parse(entry.IfMatch, "request.ifMatch"),
            Patch = Patches.OfResource(entry.Resource),
            Place = entry.Place,
            FullUrl = entry.FullUrl,
        };
    }

    private static Change Delete(FhirCall call, BundleEntry entry, string type, string? id)
    {
        call.NeedWrite(type, 'd');
        return new Change
        {
            Kind = ChangeKind.Delete,
            Type = type,
            Id = id is null ? null : FhirCall.CheckId(id),
            NewId = "",
            Criteria = CriteriaOf(entry, id),
            IfMatch = Precondition.Parse(entry.IfMatch, "request.ifMatch"),
            Place = entry.Place,
        };
    }

    private static IReadOnlyList<KeyValuePair<string, string>>? CriteriaOf(BundleEntry entry, string? id) => (id, entry.Query) switch
    {
        (null, _) => Criteria.Parse("?" + entry.Query),
        (_, null) => null,
        _ => throw new FhirProblem(400, "invalid", "The url names an id or a search, not both.", "request.url"),
    };

    private static void NeedType(BundleEntry entry, string type)
    {
        if (JsonBody.TypeOf(entry.Resource) is var said && said != type)
        {
            throw new FhirProblem(400, "invalid", $"The resource is a {FhirCall.Shorten(said ?? "thing without a type")}, the url asks for {type}.", "resource");
        }
    }
}
