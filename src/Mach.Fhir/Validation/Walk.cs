using System.Text;
using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.Fhir.Path;

namespace Mach.Fhir.Validation;

/// <summary>One walk over a resource: where it is, and what it found. The walk itself is in the other parts of the class.</summary>
internal sealed partial class Walk(ValidationOptions options)
{
    private readonly List<Issue> _issues = [];
    private Step[] _steps = new Step[24];
    private int _depth;
    private string _root = "Resource";
    private bool _bySearch = options.ReferencesBySearch;
    private Scope _scope = null!;

    public IReadOnlyList<Issue> Issues => _issues;

    /// <summary>%resource and %rootResource of where the walk is.</summary>
    public FhirPathContext PathContext => _scope.Context;

    public bool IsContained => _scope.Root != _scope;

    public void Root(JsonElement resource)
    {
        _root = TypeOf(resource)?.Name ?? "Resource";
        if (_root == "Bundle")
        {
            // http://hl7.org/fhir/R4/http.html#trules: only a transaction knows references by search.
            _bySearch = JsonText.Find(resource, "type"u8) is "transaction";
        }

        Resource(resource, null);
    }

    /// <summary>A resource that stands for itself, or one inside another; the steps lead to it.</summary>
    private void Resource(JsonElement resource, Scope? container, int containedIndex = -1)
    {
        if (resource.ValueKind != JsonValueKind.Object)
        {
            Structure("A resource is a JSON object.");
            return;
        }

        if (TypeOf(resource) is not { } type)
        {
            Structure(resource.TryGetProperty("resourceType"u8, out _) ? "The resourceType is not a resource type of FHIR R4." : "The resourceType is missing.");
            return;
        }

        var outer = _scope;
        _scope = new Scope(resource, type, container);
        if (containedIndex >= 0)
        {
            (container!.Contained ??= []).Add((_scope, containedIndex));
        }

        Object(resource, TypePlan.Of(type), default);
        if (container is null)
        {
            ContainedRules();
        }

        _scope = outer;
    }

    private static TypeDefinition? TypeOf(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType"u8, out var name) && name.ValueKind == JsonValueKind.String && JsonText.TryRead(name, out var text)
            ? R4.FindResource(text)
            : null;

    private void Enter(string name, int index = -1)
    {
        if (_depth == _steps.Length)
        {
            System.Array.Resize(ref _steps, _depth * 2);
        }

        _steps[_depth++] = new Step(name, index);
    }

    private void Leave() => _depth--;

    private bool IsFull => _issues.Count >= options.MaxIssues;

    private void Structure(string diagnostics) => Add(IssueSeverity.Error, "structure", diagnostics);

    private void Value(string diagnostics) => Add(IssueSeverity.Error, "value", diagnostics);

    private void Broken(Invariant rule)
    {
        if (rule.IsError || options.Warnings)
        {
            Add(rule.IsError ? IssueSeverity.Error : IssueSeverity.Warning, "invariant", rule.Human, rule.Key);
        }
    }

    private void Add(IssueSeverity severity, string code, string diagnostics, string? key = null)
    {
        if (!IsFull)
        {
            _issues.Add(new Issue(severity, code, diagnostics, Location(), key));
        }
    }

    private string Location()
    {
        var path = new StringBuilder(_root);
        foreach (var step in _steps.AsSpan(0, _depth))
        {
            path.Append('.').Append(step.Name);
            if (step.Index >= 0)
            {
                path.Append('[').Append(step.Index).Append(']');
            }
        }

        return path.ToString();
    }

    private readonly record struct Step(string Name, int Index);

    /// <summary>The resource that the walk is in.</summary>
    /// <param name="container">The resource that contains it; null for one that stands for itself, also inside a Bundle.</param>
    private sealed class Scope(JsonElement resource, TypeDefinition type, Scope? container)
    {
        public JsonElement Resource => resource;

        public TypeDefinition Type => type;

        public FhirPathContext Context => field ??= new FhirPathContext { Resource = FhirNode.OfResource(resource), RootResource = FhirNode.OfResource(Root.Resource) };

        /// <summary>The resource whose contained resources "#id" means.</summary>
        public Scope Root => container ?? this;

        /// <summary>Every "#id" in the resource and in what it contains.</summary>
        public HashSet<string>? Fragments { get; set; }

        /// <summary>Contained: refers to its container with "#".</summary>
        public bool NamesContainer { get; set; }

        /// <summary>The contained resources of a root.</summary>
        public List<(Scope Scope, int Index)>? Contained { get; set; }
    }
}
