namespace Mach.Definitions;

/// <summary>What the tool writes, and where in the checkout.</summary>
internal static class Output
{
    public const string DefinitionsPath = "src/Mach.Fhir/Definitions/r4.bin", TypesFolder = "src/Mach.Fhir.Types/Generated";

    public static byte[] Definitions(SpecificationFiles files)
    {
        var systems = TerminologyReader.CodeSystems(files);
        return R4File.Write(new StructureReader(files).Read(), systems, TerminologyReader.ValueSets(files, systems));
    }

    /// <summary>Files of typed access: name and text.</summary>
    public static IReadOnlyList<(string Name, string Text)> Types(SpecificationFiles files) => [.. new TypesWriter(new StructureReader(files).Read()).Write()];
}
