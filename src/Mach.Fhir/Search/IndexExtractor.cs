using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Mach.Fhir.Search;

/// <summary>From one resource to what it is findable by. Pure, and the same on every machine: verification recomputes it.</summary>
public static partial class IndexExtractor
{
    /// <summary>Version of the extraction rules, kept on each head (res.xv); heads of an earlier one are indexed anew.</summary>
    public const short Version = 3;

    /// <summary>Fills <paramref name="keys"/> (cleared first) from one resource, with the standard's parameters.</summary>
    /// <exception cref="ArgumentException">Not a JSON object with a resourceType.</exception>
    public static void Extract(JsonElement resource, IndexKeys keys) => Extract(resource, keys, SearchCatalog.Standard);

    /// <summary>Fills <paramref name="keys"/> (cleared first) from one resource.</summary>
    /// <exception cref="ArgumentException">Not a JSON object with a resourceType.</exception>
    public static void Extract(JsonElement resource, IndexKeys keys, SearchCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(catalog);
        keys.Clear();
        if (resource.ValueKind != JsonValueKind.Object || !resource.TryGetProperty("resourceType"u8, out var type) || type.GetString() is not { } name)
        {
            throw new ArgumentException("A resource is a JSON object with a resourceType.", nameof(resource));
        }

        var plan = catalog.Plan(name);
        var state = new State { Rank = int.MaxValue };
        foreach (var step in plan.Root.Steps)
        {
            Apply(step, resource, keys, ref state);
        }

        Walk(resource, plan.Root, keys, ref state);
        foreach (var step in plan.Evaluated)
        {
            foreach (var element in EvaluatedParameter.Elements(resource, step.Parameter!, keys.Failures ??= []))
            {
                Apply(step, element, keys, ref state);
            }
        }

        if (name == "Patient")
        {
            keys.PatientId = resource.TryGetProperty("id"u8, out var id) ? id.GetString() : null;
        }

        keys.Date = state.Rank == int.MaxValue ? 0 : state.Date;
        keys.OrganizationId ??= FacilityOfSource(resource);
        if (plan.PrimaryDate is { } primary && !state.HasPrimary)
        {
            keys.Dates.Add(((short)(primary.Number + SearchParameter.NoDateTier), keys.Date, keys.Date + 1));
        }

        if (plan.NameFull is not null)
        {
            AddNameKeys(plan, keys, ref state);
        }

        DropOwnPatient(keys);
    }

    /// <summary>Fills <paramref name="keys"/> (cleared first) with the rows of some parameters alone.</summary>
    internal static void Extract(JsonElement resource, IReadOnlyList<SearchParameter> parameters, IndexKeys keys)
    {
        keys.Clear();
        var state = new State { Rank = int.MaxValue };
        foreach (var parameter in parameters)
        {
            var step = new IndexStep(IndexPlan.ActionOf(parameter), parameter);
            foreach (var element in SearchMatcher.Elements(resource, parameter))
            {
                Apply(step, element, keys, ref state);
            }
        }
    }

    /// <summary>What is known halfway through a resource.</summary>
    private struct State
    {
        /// <summary>Rank of the best date seen; MaxValue = none.</summary>
        public int Rank;
        public long Date;
        /// <summary>The type's primary date parameter has a row.</summary>
        public bool HasPrimary;
        public List<string>? Names;
        public string? BirthYear;
    }

    private static void Walk(JsonElement parent, IndexNode node, IndexKeys keys, ref State state)
    {
        foreach (var property in parent.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (name.Contains((byte)'\\'))
            {
                name = Encoding.UTF8.GetBytes(property.Name);
            }

            foreach (var child in node.Children)
            {
                if (name.SequenceEqual(child.Step.Utf8))
                {
                    Visit(property.Value, child, keys, ref state);
                }
            }
        }
    }

    private static void Visit(JsonElement element, IndexNode node, IndexKeys keys, ref State state)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Visit(item, node, keys, ref state);
                if (node.Step.First)
                {
                    return;
                }
            }

            return;
        }

        if (!Passes(element, node.Step))
        {
            return;
        }

        foreach (var step in node.Steps)
        {
            Apply(step, element, keys, ref state);
        }

        if (node.Children.Count > 0 && element.ValueKind == JsonValueKind.Object)
        {
            Walk(element, node, keys, ref state);
        }
    }

    /// <summary>The element answers the step's filter.</summary>
    internal static bool Passes(JsonElement element, PathStep step) =>
        step.FilterName is null
        || (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step.FilterName, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(step.FilterValue));

    private static void Apply(IndexStep step, JsonElement element, IndexKeys keys, ref State state)
    {
        switch (step.Action)
        {
            case IndexAction.Token: AddToken(step.Parameter!, element, keys); break;
            case IndexAction.Presence: AddPresence(step.Parameter!, element, keys); break;
            case IndexAction.Phone: AddPhone(step.Parameter!.Number, element, keys); break;
            case IndexAction.Uri: AddUri(step.Parameter!.Number, element, keys); break;
            case IndexAction.Text: AddText(step.Parameter!.Number, element, keys); break;
            case IndexAction.Address: AddAddress(step.Parameter!.Number, element, keys); break;
            case IndexAction.Name: AddName(step.Parameter!.Number, element, keys, ref state); break;
            case IndexAction.Date: state.HasPrimary |= AddDate(step.Parameter!, element, keys) && step.Parameter!.IsPrimaryDate; break;
            case IndexAction.Quantity: AddQuantity(step.Parameter!.Number, element, keys); break;
            case IndexAction.Reference: AddReference(step.Parameter!, element, keys); break;
            case IndexAction.ClinicalDate: SetDate(step.Rank, element, ref state); break;
            case IndexAction.BirthYear: SetBirthYear(element, ref state); break;
            case IndexAction.Organization:
                keys.OrganizationId ??= TryReference(element, out var org, out var orgId) && org == "Organization" ? FacilityCode(orgId) : null;
                break;
            default:
                keys.PatientId ??= TryReference(element, out var target, out var id) && target == "Patient" ? id : null;
                break;
        }
    }

    private static void SetDate(int rank, JsonElement element, ref State state)
    {
        if (rank <= state.Rank && DateRange.TryRead(element, out var range))
        {
            state.Date = rank < state.Rank ? range.Low : Math.Min(state.Date, range.Low);
            state.Rank = rank;
        }
    }

    private static void SetBirthYear(JsonElement element, ref State state)
    {
        if (element.ValueKind == JsonValueKind.String && DateRange.TryRead(element, out _))
        {
            state.BirthYear = element.GetString()![..4];
        }
    }

    private const string FacilityPrefix = "cskcb-";
    private const string SourcePrefix = "urn:mach:dossier:", WrittenPrefix = "urn:mach:written:";

    internal static string FacilityCode(string organizationId) =>
        organizationId.StartsWith(FacilityPrefix, StringComparison.Ordinal) ? organizationId[FacilityPrefix.Length..] : organizationId;

    /// <summary>Resources that name no organization belong to the facility whose dossier they came in, or for which they were written on a page.</summary>
    private static string? FacilityOfSource(JsonElement resource)
    {
        if (!resource.TryGetProperty("meta"u8, out var meta) || meta.ValueKind != JsonValueKind.Object
            || !meta.TryGetProperty("source"u8, out var value) || value.ValueKind != JsonValueKind.String
            || !JsonMarshal.GetRawUtf8Value(value)[1..].StartsWith("urn:mach:"u8))
        {
            return null;
        }

        var text = value.GetString()!;
        if (text.StartsWith(WrittenPrefix, StringComparison.Ordinal))
        {
            return text[WrittenPrefix.Length..].ToLowerInvariant();
        }

        if (!text.StartsWith(SourcePrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var source = text.AsSpan(SourcePrefix.Length);
        var end = source.IndexOf(':');
        return end > 0 ? source[..end].ToString().ToLowerInvariant() : null;
    }

    /// <summary>The compartment key answers for the own patient; a row for each resource would say nothing more.</summary>
    private static void DropOwnPatient(IndexKeys keys)
    {
        if (keys.PatientId is { } own && keys.References.Count > 0)
        {
            keys.References.RemoveAll(r => r.Type == "Patient" && r.Id == own);
        }
    }
}
