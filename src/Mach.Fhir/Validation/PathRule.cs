using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>A rule in FHIRPath.</summary>
internal sealed class PathRule(Invariant invariant) : Rule(invariant)
{
    public override bool Holds(scoped in ObjectView view, Walk walk, JsonElement companion) => true;
}
