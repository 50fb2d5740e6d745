using System.Text.Json;
using System.Text.Json.Serialization;
using Mach.Fhir.Search;

namespace Mach.Store.Parameters;

/// <summary>A row of the table of added parameters.</summary>
internal sealed class ParameterRow
{
    public const string Building = "building", Enabled = "enabled", Dropping = "dropping", Refused = "refused";

    public short P { get; init; }
    public string Url { get; init; } = "";
    public string Type { get; init; } = "";
    public string Code { get; init; } = "";
    public string State { get; init; } = "";
    public long Cursor { get; init; }
    public string Definition { get; init; } = "";
    public string? Reason { get; init; }

    /// <summary>What decides the index rows, as text that can be compared.</summary>
    public static string DefinitionOf(SearchParameter parameter) => JsonSerializer.Serialize(
        new Stored(parameter.Kind, [.. parameter.Paths], [.. parameter.Targets], parameter.Form, parameter.IsCanonical, parameter.Expression));

    public SearchParameter ToParameter()
    {
        var stored = JsonSerializer.Deserialize<Stored>(Definition)!;
        return new SearchParameter(P, Type, Code, stored.Kind, stored.Paths, stored.Targets)
        {
            Indexing = stored.Kind == SearchKind.Token ? SearchIndexing.Full : SearchIndexing.Bare,
            Form = stored.Form,
            IsCanonical = stored.IsCanonical,
            Expression = stored.Expression,
            Url = Url,
        };
    }

    private sealed record Stored(SearchKind Kind, string[] Paths, string[] Targets, SearchForm Form, bool IsCanonical, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Expression = null);
}
