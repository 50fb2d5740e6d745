namespace Mach.Definitions;

/// <summary>What the tool writes, and where in the checkout.</summary>
internal static class Output
{
    public const string DefinitionsPath = "src/Mach.Fhir/Definitions/r4.bin";

    public static byte[] Definitions(SpecificationFiles files)
    {
        var systems = TerminologyReader.CodeSystems(files);
        return R4File.Write(new StructureReader(files).Read(), systems, TerminologyReader.ValueSets(files, systems));
    }
}
