using Mach.Store;

namespace Mach.Registry.Ledgers;

/// <summary>The FHIR resources of what a change touches, for the same commit.</summary>
internal static class FhirViews
{
    /// <param name="today">Day in Vietnam: a resource says what holds on it.</param>
    public static IReadOnlyList<Write> Of(RegistryDraft draft, DateOnly today) => [];
}
