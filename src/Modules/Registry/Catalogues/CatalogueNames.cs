namespace Mach.Registry.Catalogues;

/// <summary>The catalogues there are.</summary>
internal static class CatalogueNames
{
    public const string Icd10 = "icd10";
    public const string Services = "services";
    public const string Drugs = "drugs";
    public const string Tests = "tests";
    public const string InsuranceObjects = "insurance-objects";
    public const string EthnicGroups = "ethnic-groups";
    public const string Nationalities = "nationalities";
    public const string Occupations = "occupations";

    public static readonly IReadOnlyList<string> All = [Icd10, Services, Drugs, Tests, InsuranceObjects, EthnicGroups, Nationalities, Occupations];
}
