using System.Security.Claims;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.FhirApi.Interactions;
using Mach.FhirApi.Presentation;
using Mach.FhirApi.Writing;
using Mach.Kernel;
using Mach.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.FhirApi;

/// <summary>One request as the interactions see it: decoded parameters in order, and what was negotiated about the answer.</summary>
internal sealed class FhirCall
{
    private FhirCall(HttpContext context, List<KeyValuePair<string, string>> query)
    {
        Context = context;
        Query = query;
    }

    public HttpContext Context { get; }

    /// <summary>Parameters of the address in their order, without those about the form of the answer (<c>_format</c>, <c>_pretty</c>).</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; }

    /// <summary>With line breaks and indents.</summary>
    public bool Pretty { get; private set; }

    /// <summary>Accept may name the form of a Binary's content: whether it does, or what of ours it takes, is seen when the resource is read.</summary>
    public bool MayBeContent { get; private init; }

    /// <summary>Which part of each resource is shown; a form in the body may set it anew.</summary>
    public ResourceShape Shape { get; set; } = ResourceShape.Whole;

    /// <summary>Prefer: handling=lenient — what is not understood is left out and said, instead of refused.</summary>
    public bool Lenient { get; private init; }

    public FhirApiOptions Options => Context.RequestServices.GetRequiredService<FhirApiOptions>();

    /// <summary>Who writes, as the log of commits names it.</summary>
    public string Actor => User.AccountName() is { Length: > 0 } name ? name : "?";

    /// <summary>To write. What is read goes through <see cref="Records"/>.</summary>
    public RecordStore Store => Context.RequestServices.GetRequiredService<RecordStore>();

    /// <summary>The record as the caller may see it.</summary>
    public RecordView Records => field ??= Store.As(Context.Sight(), Context.Audit());

    public ClaimsPrincipal User => Context.User;

    public CancellationToken Aborted => Context.RequestAborted;

    public string Site => $"{Context.Request.Scheme}://{Context.Request.Host}{Context.Request.PathBase}";

    /// <summary>Service base URL, without a slash at the end.</summary>
    public string Base => Site + FhirApiModule.Root;

    /// <exception cref="FhirProblem">406: only JSON of FHIR 4.0 is given. 400: Prefer or _pretty is malformed.</exception>
    public static FhirCall Read(HttpContext context)
    {
        var query = new List<KeyValuePair<string, string>>();
        var (format, pretty) = ((string?)null, false);
        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            var (name, value) = (pair.DecodeName().ToString(), pair.DecodeValue().ToString());
            if (name.Contains('\0') || value.Contains('\0'))
            {
                throw new FhirProblem(400, "invalid", "A parameter contains the character U+0000, which no text of FHIR may.");
            }

            switch (name)
            {
                case "_format":
                    format = value;
                    break;
                case "_pretty":
                    pretty = Negotiation.IsPretty(value);
                    break;
                default:
                    query.Add(new(name, value));
                    break;
            }
        }

        var mayBeContent = BinaryContent.MayBeAsked(context, format);
        if (!mayBeContent)
        {
            Negotiation.Check(context.Request, format);
        }

        return new FhirCall(context, query) { MayBeContent = mayBeContent, Pretty = pretty, Lenient = Negotiation.IsLenient(context.Request) };
    }

    /// <summary>Takes what a form says about the form of the answer, and gives the rest.</summary>
    /// <exception cref="FhirProblem">As of <see cref="Read"/>.</exception>
    public IEnumerable<KeyValuePair<string, string>> WithoutForm(List<KeyValuePair<string, string>> pairs)
    {
        foreach (var (name, value) in pairs)
        {
            if (name == "_pretty")
            {
                Pretty = Negotiation.IsPretty(value);
            }
            else if (name == "_format" && value.Length > 0)
            {
                Negotiation.CheckFormat(value);
            }
        }

        return pairs.Where(p => p.Key is not ("_pretty" or "_format"));
    }

    /// <summary>The resource type of the address, which the caller may read.</summary>
    /// <param name="right">r = read one, s = search many; see <see cref="Principals.MayReadFhir"/>.</param>
    /// <exception cref="FhirProblem">404: not a type that is served. 403: the token does not open it.</exception>
    public string NeedType(char right)
    {
        var type = (string)Context.Request.RouteValues["type"]!;
        NeedServed(type);
        Need(type, right);
        return type;
    }

    // "metadata", "_history" and "_search" are addresses of their own, with methods of their own.
    private void NeedServed(string type)
    {
        if (!Context.Request.RouteValues.ContainsKey("id"))
        {
            NotThere.NeedOtherMethod(this, type);
        }

        if (!ServedTypes.Contains(type))
        {
            throw new FhirProblem(404, "not-supported", $"Resource type {Shorten(type)} is not served here; /metadata lists those that are.");
        }
    }

    /// <summary>The id of the address.</summary>
    /// <exception cref="FhirProblem">404: it cannot be an id (http://hl7.org/fhir/R4/datatypes.html#id), so nothing has it.</exception>
    public string NeedId()
    {
        var id = (string)Context.Request.RouteValues["id"]!;
        NotThere.NeedOtherMethod(this, id);
        return IsId(id)
            ? id
            : throw new FhirProblem(404, "not-found", $"{Shorten(id)} cannot be a resource id: 1–64 of A–Z, a–z, 0–9, - and dot.");
    }

    /// <summary>The resource type of the address, which the caller may write.</summary>
    /// <param name="right">c, u or d; see <see cref="Principals.MayWriteFhir"/>.</param>
    /// <exception cref="FhirProblem">404: not a type that is served. 403: the token does not allow it.</exception>
    public string NeedWrite(char right)
    {
        var type = (string)Context.Request.RouteValues["type"]!;
        NeedServed(type);
        NeedWrite(type, right);
        return type;
    }

    /// <exception cref="FhirProblem">403: the token does not allow it.</exception>
    public void NeedWrite(string type, char right)
    {
        if (!User.MayWriteFhir(type, right))
        {
            throw new FhirProblem(403, "forbidden", $"This token does not allow {(right == 'c' ? "creating" : right == 'u' ? "updating" : "deleting")} {type}.");
        }
    }

    /// <summary>The id of the address, under which something may be written.</summary>
    /// <exception cref="FhirProblem">400: it cannot be an id.</exception>
    public string NeedNewId()
    {
        var id = (string)Context.Request.RouteValues["id"]!;
        NotThere.NeedOtherMethod(this, id);
        return CheckId(id);
    }

    /// <exception cref="FhirProblem">400: it cannot be an id (http://hl7.org/fhir/R4/datatypes.html#id).</exception>
    public static string CheckId(string id) => IsId(id)
        ? id
        : throw new FhirProblem(400, "value", $"{Shorten(id)} cannot be a resource id: 1–64 of A–Z, a–z, 0–9, - and dot.", "id");

    public static bool IsId(string id) => id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    /// <summary>A header of the request; null when it is not there.</summary>
    public string? Header(string name) => Context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Id of a resource that the server names.</summary>
    /// <param name="n">Number of the entry in a Bundle; 0 outside.</param>
    public static string NewId(RequestKey? key, int n = 0) => key?.NewId(n) ?? Ids.New();

    /// <summary>Writes one change and answers.</summary>
    public async Task WriteAsync(Change change, RequestKey? key)
    {
        await new WriteRun(this, [change], new Links(Base)) { Key = key }.RunAsync();
        await WriteAnswer.SendAsync(this, change.Result!);
    }

    /// <exception cref="FhirProblem">403: the token does not open it.</exception>
    public void Need(string type, char right)
    {
        if (!User.MayReadFhir(type, right))
        {
            throw new FhirProblem(403, "forbidden", $"This token does not allow {(right == 's' ? "searching" : "reading")} {(type == "*" ? "all types at once" : type)}.");
        }
    }

    /// <summary>Refuses parameters on an interaction that has none, unless handling is lenient.</summary>
    /// <exception cref="FhirProblem">400.</exception>
    public void NeedNoParameters()
    {
        foreach (var (name, value) in Query)
        {
            if (!Lenient && !(name == ResourceShape.Summary && value == "false"))
            {
                throw new FhirProblem(400, "not-supported", $"Parameter {Shorten(name)} is not supported here.", Shorten(name));
            }
        }
    }

    /// <summary>The same for reading, where the shape of the resource may be asked for.</summary>
    /// <exception cref="FhirProblem">400.</exception>
    public void NeedOnlyShape()
    {
        Shape = ResourceShape.Of(Query);
        if (Shape.IsCount)
        {
            throw new FhirProblem(400, "not-supported", "_summary=count counts what a search or a history finds; here is one resource.", ResourceShape.Summary);
        }

        foreach (var (name, _) in Query)
        {
            if (!Lenient && name is not (ResourceShape.Summary or ResourceShape.Elements))
            {
                throw new FhirProblem(400, "not-supported", $"Parameter {Shorten(name)} is not supported here.", Shorten(name));
            }
        }
    }

    public static string Shorten(string text) => text.Length > 100 ? text[..100] + "…" : text;
}
