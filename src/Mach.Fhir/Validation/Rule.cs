using System.Text.Json;
using Mach.Fhir.Definitions;

namespace Mach.Fhir.Validation;

/// <summary>An object under a rule.</summary>
/// <param name="value">The object, or the primitive's value.</param>
/// <param name="seen">By position of the element in the type: 0 when it is not there. Empty when the elements were not counted.</param>
internal readonly ref struct ObjectView(JsonElement value, ReadOnlySpan<short> seen, TypePlan plan)
{
    public readonly JsonElement Value = value;
    public readonly ReadOnlySpan<short> Seen = seen;
    public readonly TypePlan Plan = plan;
}

/// <summary>One rule of the specification, ready to be applied.</summary>
internal abstract class Rule(Invariant invariant)
{
    /// <summary>ele-1: an element has a value or children.</summary>
    public static readonly Invariant HasContent = R4.Get("Element").Invariants.First(i => i.Key == "ele-1");

    /// <summary>Rules that the walk applies by itself, because it knows what they need.</summary>
    private static readonly HashSet<string> OfTheWalk = ["ele-1", "dom-2", "dom-3", "dom-4", "dom-5", "ref-1", "txt-1", "txt-2"];

    public Invariant Invariant => invariant;

    /// <summary>Whether the rule holds.</summary>
    public abstract bool Holds(scoped in ObjectView view, Walk walk, JsonElement companion);

    /// <summary>The fastest form of the rule; null when the walk applies it anyway.</summary>
    /// <param name="type">The type that the rule belongs to; null for a rule of an element.</param>
    public static Rule? Compile(Invariant invariant, TypeDefinition? type) =>
        OfTheWalk.Contains(invariant.Key) ? null
        : NativeRule.Find(invariant) ?? (type is null ? null : PresenceRule.TryCompile(invariant, type)) ?? (Rule)new PathRule(invariant);
}
