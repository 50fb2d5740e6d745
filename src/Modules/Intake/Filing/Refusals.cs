using Mach.Intake.Taking;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Filing;

/// <summary>What would land under the wrong facility.</summary>
internal static class Refusals
{
    /// <summary>Null when the dossier may be filed.</summary>
    public static Finding? Find(Dossier dossier, PendingDossier item)
    {
        if (dossier.FacilityCode is not { Length: 5 } code || !code.All(char.IsAsciiLetterOrDigit))
        {
            return FilingFindings.FacilityCode(item.Position, dossier.FacilityCode);
        }

        return item.Source.BoundFacility is { } bound && bound != code ? FilingFindings.BoundFacility(item.Position, code, bound) : null;
    }
}
