using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Facilities;

/// <summary>A facility as a unit in the hierarchies: its facts said in the words of the map. Nothing is stated twice.</summary>
internal static class FacilityUnits
{
    public const string Type = "facility";

    /// <param name="facts">Facts of one facility.</param>
    /// <param name="unitOf">The unit of a commune code; null when none ever had it.</param>
    public static IEnumerable<Fact> Of(IEnumerable<Fact> facts, Func<string, string?> unitOf)
    {
        foreach (var fact in facts)
        {
            var unit = fact with { Subject = FacilityBodies.Id(fact.Subject) };
            switch (fact.Aspect)
            {
                case FacilityAspects.Open:
                    yield return unit with { Aspect = Aspects.Exists, Value = fact.Subject };
                    yield return unit with { Aspect = Aspects.Type, Value = Type };
                    break;
                case FacilityAspects.Name:
                    yield return unit with { Aspect = Aspects.Name };
                    break;
                case FacilityAspects.Commune when unitOf(fact.Value) is { } commune:
                    yield return unit with { Aspect = Aspects.Parent(Hierarchies.Administrative), Value = commune };
                    break;
                case FacilityAspects.Core:
                    yield return unit with { Value = FacilityBodies.Id(fact.Value) };
                    break;
                case FacilityAspects.InsuranceOffice:
                    yield return unit;
                    break;
            }
        }
    }
}
