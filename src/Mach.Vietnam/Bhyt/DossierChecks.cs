using Mach.Kernel;
using Mach.Vietnam.Bhyt.Checks;

namespace Mach.Vietnam.Bhyt;

/// <summary>The checks of a dossier. Rules, their sources and grades: docs/rules/bhyt-checks.md.</summary>
public static partial class DossierChecks
{
    /// <summary>All checks per field and across tables. Never refuses: refusal belongs to reading and filing.</summary>
    /// <param name="today">The day in Vietnam, for future dates and dated definitions.</param>
    public static IReadOnlyList<Finding> Check(Dossier dossier, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        var context = new CheckContext(dossier, today);
        context.Findings.AddRange(dossier.Findings);
        FieldChecks.Run(context);
        PersonChecks.Run(context);
        TableChecks.Run(context);
        TimeChecks.Run(context);
        ServiceChecks.Run(context);
        AmountChecks.Run(context);
        return context.Findings;
    }
}
