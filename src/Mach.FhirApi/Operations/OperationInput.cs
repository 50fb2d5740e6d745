using System.Text.Json;
using Mach.FhirApi.Bodies;
using Mach.FhirApi.Presentation;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Operations;

/// <summary>What an operation was called with: the parameters of the address, and a Parameters resource in the body of a POST.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/operations.html#request.</remarks>
internal sealed class OperationInput
{
    private readonly List<(string Name, JsonElement Value)> _body = [];
    private readonly IReadOnlyList<KeyValuePair<string, string>> _query;

    private OperationInput(IReadOnlyList<KeyValuePair<string, string>> query) => _query = query;

    /// <summary>The body when it is a resource other than Parameters; Undefined otherwise.</summary>
    public JsonElement Resource { get; private set; }

    /// <param name="isShaped">The answer is of resources, of which a part can be asked for.</param>
    /// <exception cref="FhirProblem">400: the body is not a resource, or a part is asked for of an answer that has none.</exception>
    public static async Task<OperationInput> ReadAsync(FhirCall call, bool isShaped = false)
    {
        var input = new OperationInput(call.Query);
        call.Shape = ResourceShape.Of(call.Query);
        if (!isShaped && !call.Lenient && (!call.Shape.IsWhole || call.Shape.IsCount))
        {
            throw new FhirProblem(400, "not-supported", "_summary and _elements are not supported by this operation: its answer comes whole.", ResourceShape.Summary);
        }

        var request = call.Context.Request;
        if (!HttpMethods.IsPost(request.Method) || request.ContentLength is 0 || (request.ContentLength is null && request.ContentType is null))
        {
            return input;
        }

        var root = JsonBody.Parse(await RequestBody.ReadJsonAsync(call, call.Options.MaxResourceBytes)).RootElement;
        switch (JsonBody.TypeOf(root))
        {
            case null:
                throw new FhirProblem(400, "structure", "The body is not a resource: a JSON object with resourceType.", "resourceType");
            case "Parameters":
                input.Take(root);
                break;
            default:
                input.Resource = root;
                break;
        }

        return input;
    }

    /// <summary>Refuses parameters that the operation does not know, unless handling is lenient: what is passed over could change what the answer means.</summary>
    /// <exception cref="FhirProblem">400.</exception>
    public void NeedOnly(FhirCall call, params ReadOnlySpan<string> names)
    {
        foreach (var name in _query.Select(p => p.Key).Where(name => name is not (ResourceShape.Summary or ResourceShape.Elements)).Concat(_body.Select(p => p.Name)))
        {
            if (!call.Lenient && !names.Contains(name))
            {
                throw new FhirProblem(400, "not-supported", $"This operation has no parameter {FhirCall.Shorten(name)} here; it takes {(names.IsEmpty ? "none" : string.Join(", ", names))}.", FhirCall.Shorten(name));
            }
        }
    }

    /// <summary>All values of a parameter, as texts.</summary>
    public IEnumerable<string> Texts(string name) =>
        _query.Where(p => p.Key == name && p.Value.Length > 0).Select(p => p.Value)
            .Concat(_body.Where(p => p.Name == name && p.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                .Select(p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText()));

    /// <summary>The one value of a parameter; null when it was not given.</summary>
    public string? Text(string name) => Texts(name).FirstOrDefault();

    /// <summary>A value that is an object: a resource, a Coding, a Meta; Undefined when it was not given.</summary>
    public JsonElement Object(string name) => _body.Find(p => p.Name == name && p.Value.ValueKind == JsonValueKind.Object).Value;

    /// <exception cref="FhirProblem">400: not a whole number in the range.</exception>
    public int Number(string name, int otherwise, int least, int most) => Text(name) is not { } text ? otherwise
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least ? Math.Min(number, most)
        : throw new FhirProblem(400, "invalid", $"{name} is a whole number, at least {least}.", name);

    /// <summary>The parameters of the address and the simple ones of the body, without some.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs(params string[] without) =>
        _query.Concat(_body.Where(p => p.Value.ValueKind == JsonValueKind.String).Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!))).Where(p => !without.Contains(p.Key));

    private void Take(JsonElement parameters)
    {
        if (!parameters.TryGetProperty("parameter"u8, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var parameter in list.EnumerateArray())
        {
            if (JsonBody.TextOf(parameter, "name"u8) is not { } name)
            {
                throw new FhirProblem(400, "structure", "A parameter has no name.", "Parameters.parameter");
            }

            foreach (var property in parameter.EnumerateObject())
            {
                if (property.Name.StartsWith("value", StringComparison.Ordinal) || property.Name == "resource")
                {
                    _body.Add((name, property.Value));
                }
            }
        }
    }
}
