using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>The form and the target types of references.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/references.html#literal and rule ref-1.</remarks>
internal sealed partial class Walk
{
    private static readonly Invariant LocalReference = R4.Get("Reference").Invariants.First(i => i.Key == "ref-1");

    private void Reference(JsonElement value, TypeReference type)
    {
        var stated = Stated(value, type);
        if (!value.TryGetProperty("reference"u8, out var literal) || literal.ValueKind != JsonValueKind.String || !JsonText.TryRead(literal, out var text) || text.IsEmpty)
        {
            return;
        }

        Enter("reference");
        if (text[0] == '#')
        {
            Fragment(text);
            Local(text[1..], type);
        }
        else if (!ReferenceText.TryParse(text, out var named))
        {
            Value("A reference is a relative url (Type/id), an absolute url, urn:uuid, urn:oid, or #id of a contained resource.");
        }
        else if (!_bySearch && ReferenceText.IsConditional(text))
        {
            Value("A reference by search is allowed only in a transaction, which puts what it finds in its place.");
        }
        else if (named is not null)
        {
            Target(named, type);
            if (stated is not null && stated != named)
            {
                Value("The reference and its type name different resource types.");
            }
        }

        Leave();
    }

    /// <summary>Reference.type when it names a resource type.</summary>
    private TypeDefinition? Stated(JsonElement value, TypeReference type)
    {
        const string Core = "http://hl7.org/fhir/StructureDefinition/";
        if (JsonText.Find(value, "type"u8) is not { Length: > 0 } name)
        {
            return null;
        }

        Enter("type");
        var stated = R4.FindResource(Encoding.UTF8.GetBytes(name.StartsWith(Core, StringComparison.Ordinal) ? name[Core.Length..] : name));
        if (stated is not null)
        {
            Target(stated, type);
        }
        else if (!name.Contains(':', StringComparison.Ordinal))
        {
            Value("The type of a reference is a resource type of FHIR R4, or the absolute url of a logical model.");
        }

        Leave();
        return stated;
    }

    private void Target(TypeDefinition named, TypeReference type)
    {
        if (type.Targets.Count == 0)
        {
            return;
        }

        foreach (var target in type.Targets)
        {
            if (named.IsA(target))
            {
                return;
            }
        }

        Value("A reference to " + named.Name + " is not allowed here; allowed: " + string.Join(", ", type.Targets) + ".");
    }

    /// <summary>#id: the root resource contains it, and it is of an allowed type. # alone is the container.</summary>
    private void Local(ReadOnlySpan<byte> id, TypeReference type)
    {
        var root = _scope.Root;
        if (id.IsEmpty)
        {
            return;
        }

        if (root.Resource.TryGetProperty("contained"u8, out var contained) && contained.ValueKind == JsonValueKind.Array)
        {
            foreach (var resource in contained.EnumerateArray())
            {
                if (resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("id"u8, out var own) && own.ValueKind == JsonValueKind.String && own.ValueEquals(id))
                {
                    if (TypeOf(resource) is { } found)
                    {
                        Target(found, type);
                    }

                    return;
                }
            }
        }

        // The rule is one of the Reference, not of its text.
        Leave();
        Broken(LocalReference);
        Enter("reference");
    }
}
