using Mach.Contracts.Registry;

namespace Mach.Chart.Print;

/// <summary>Names of facilities as they are printed: the name, or the code where the registry has none.</summary>
internal sealed class FacilityNames(IFacilityDirectory directory)
{
    public string Of(string? code) => code is null ? "" : directory.Find(code)?.Name ?? code;
}
