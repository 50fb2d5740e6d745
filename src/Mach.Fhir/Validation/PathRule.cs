using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.Fhir.Path;

namespace Mach.Fhir.Validation;

/// <summary>A rule that is evaluated as the specification writes it, in FHIRPath.</summary>
/// <remarks>
/// Source: http://hl7.org/fhir/R4/conformance-rules.html#constraints. An expression without a result is taken to hold. One that cannot be
/// evaluated breaks nothing, since a resource is refused only for what is known to be wrong, but the walk reports it.
/// </remarks>
internal sealed class PathRule : Rule
{
    private readonly FhirPath _path;

    public PathRule(Invariant invariant)
        : base(invariant) => _path = FhirPath.Compile(invariant.Expression);

    public override bool Holds(scoped in ObjectView view, Walk walk, JsonElement companion)
    {
        try
        {
            return _path.IsTrue(FhirNode.Of(view.Value, companion, view.Plan.Type), walk.PathContext);
        }
        catch (FhirPathException e)
        {
            walk.NotEvaluated(Invariant, e.Message);
            return true;
        }
    }
}
