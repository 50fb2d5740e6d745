using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.FhirApi.Bodies;

namespace Mach.FhirApi.Patching;

/// <summary>JSON Patch on the JSON of a resource as it is read. What is left empty by it goes, as FHIR knows no empty arrays and objects.</summary>
/// <remarks>Source: RFC 6902; http://hl7.org/fhir/R4/http.html#patch.</remarks>
internal sealed class JsonPatch : IPatch
{
    private const int MaxOperations = 1000;

    /// <summary>What all copies of one patch may add, bytes: copies of copies grow fast.</summary>
    private const int MaxCopied = 16 * 1024 * 1024;

    private readonly List<Operation> _operations;

    private JsonPatch(List<Operation> operations) => _operations = operations;

    /// <exception cref="FhirProblem">400: not a JSON Patch.</exception>
    public static JsonPatch Parse(ReadOnlyMemory<byte> patch)
    {
        using var document = JsonBody.Parse(patch);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new FhirProblem(400, "structure", "A JSON Patch is an array of operations.");
        }

        if (document.RootElement.GetArrayLength() > MaxOperations)
        {
            throw new FhirProblem(413, "too-long", $"A JSON Patch has at most {MaxOperations} operations here.");
        }

        var operations = new List<Operation>();
        foreach (var element in document.RootElement.EnumerateArray())
        {
            operations.Add(Read(element, operations.Count));
        }

        return new JsonPatch(operations);
    }

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> resource)
    {
        var root = JsonNode.Parse(resource.Span);
        long copied = 0;
        for (var i = 0; i < _operations.Count; i++)
        {
            if (!Apply(_operations[i], ref root, ref copied))
            {
                var (op, path, _, _) = _operations[i];
                throw new FhirProblem(422, "processing", $"Operation {i + 1} ({op} {FhirCall.Shorten(path.Text)}) does not fit the resource{(op == "test" ? ": the value is another one" : "")}.", FormattableString.Invariant($"[{i}]"));
            }
        }

        return PatchedJson.Write(root);
    }

    private static bool Apply(Operation operation, ref JsonNode? root, ref long copied)
    {
        var (op, path, from, value) = operation;
        JsonNode? moved = null;
        if (from is not null)
        {
            if (!from.TryFind(root, out var found) || (op == "move" && from.Holds(path)))
            {
                return false;
            }

            moved = found?.DeepClone();
            if (op == "copy" && (copied += moved?.ToJsonString().Length ?? 0) > MaxCopied)
            {
                throw new FhirProblem(422, "too-costly", "The copies of this patch make the resource too large.");
            }
        }

        return op switch
        {
            "add" => Add(ref root, path, PatchedJson.Node(value)),
            "remove" => Remove(ref root, path),
            "replace" => Replace(ref root, path, PatchedJson.Node(value)),
            "move" => Remove(ref root, from!) && Add(ref root, path, moved),
            "copy" => Add(ref root, path, moved),
            _ => path.TryFind(root, out var there) && JsonNode.DeepEquals(there, PatchedJson.Node(value)),
        };
    }

    private static bool Add(ref JsonNode? root, JsonPointer path, JsonNode? value)
    {
        if (path.IsRoot)
        {
            root = value;
            return true;
        }

        switch (path.Parent(root))
        {
            case JsonObject parent:
                parent[path.Last] = value;
                return true;
            case JsonArray parent when path.Last == "-":
                parent.Add(value);
                return true;
            case JsonArray parent when JsonPointer.Index(path.Last, parent.Count) is { } index:
                parent.Insert(index, value);
                return true;
            default:
                return false;
        }
    }

    private static bool Remove(ref JsonNode? root, JsonPointer path)
    {
        if (path.IsRoot || !path.TryFind(root, out _))
        {
            return false;
        }

        if (path.Parent(root) is JsonArray array)
        {
            array.RemoveAt(JsonPointer.Index(path.Last, array.Count - 1)!.Value);
            return true;
        }

        return path.Parent(root) is JsonObject parent && parent.Remove(path.Last);
    }

    private static bool Replace(ref JsonNode? root, JsonPointer path, JsonNode? value)
    {
        if (!path.TryFind(root, out _))
        {
            return false;
        }

        if (!path.IsRoot && path.Parent(root) is JsonArray array)
        {
            array[JsonPointer.Index(path.Last, array.Count - 1)!.Value] = value;
            return true;
        }

        return Add(ref root, path, value);
    }

    private static Operation Read(JsonElement element, int index)
    {
        var place = FormattableString.Invariant($"[{index}]");
        var op = JsonBody.TextOf(element, "op"u8);
        var (needsValue, needsFrom) = (op is "add" or "replace" or "test", op is "move" or "copy");
        if (!needsValue && !needsFrom && op != "remove")
        {
            throw new FhirProblem(400, "invalid", "op is add, remove, replace, move, copy or test.", place);
        }

        var hasValue = element.TryGetProperty("value"u8, out var value);
        var (path, from) = (JsonBody.TextOf(element, "path"u8), JsonBody.TextOf(element, "from"u8));
        if (path is null || (needsValue && !hasValue) || (needsFrom && from is null))
        {
            throw new FhirProblem(400, "required", $"{op} needs path{(needsValue ? " and value" : needsFrom ? " and from" : "")}.", place);
        }

        return new Operation(op!, JsonPointer.Parse(path), needsFrom ? JsonPointer.Parse(from!) : null, needsValue ? value.Clone() : default);
    }

    private sealed record Operation(string Op, JsonPointer Path, JsonPointer? From, JsonElement Value);
}
