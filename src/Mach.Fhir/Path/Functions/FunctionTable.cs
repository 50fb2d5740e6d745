using System.Collections.Frozen;

namespace Mach.Fhir.Path.Functions;

/// <summary>The functions by name. Those that the parser turns into expressions of their own are not among them: exists, where, is, …</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, FunctionEntry> All = new[]
    {
        ExistenceFunctions.All, SubsettingFunctions.All, ConversionFunctions.All, StringFunctions.All, MathFunctions.All, UtilityFunctions.All, FhirFunctions.All,
    }.SelectMany(group => group).ToFrozenDictionary(StringComparer.Ordinal);

    public static FunctionEntry? Find(string name) => All.GetValueOrDefault(name);
}
