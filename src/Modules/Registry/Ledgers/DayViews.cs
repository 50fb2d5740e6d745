using Mach.Registry.Facilities;
using Mach.Registry.Practitioners;
using Mach.Store;

namespace Mach.Registry.Ledgers;

/// <summary>Which subjects the calendar changes, and their resources as of a day. Pure.</summary>
internal static class DayViews
{
    private const long Now = long.MaxValue - 1;

    /// <summary>Subjects with a believed fact that begins or ends after <paramref name="since"/>, up to and on <paramref name="today"/>.</summary>
    /// <param name="since">Null = whatever lies before today.</param>
    public static IReadOnlyList<string> Turning(Ledger ledger, DateOnly? since, DateOnly today) =>
        [.. ledger.Subjects.Where(s => ledger.Of(s).Any(f => f.IsOpen && (Within(f.From, since, today) || Within(f.To, since, today))))];

    /// <summary>The same for practitioners, whose licences also change <see cref="PractitionerView.ExpiringDays"/> before their end.</summary>
    public static IReadOnlyList<string> TurningPeople(Ledger ledger, DateOnly? since, DateOnly today) =>
        [.. Turning(ledger, since, today).Union(ledger.Subjects.Where(s => ledger.Of(s).Any(f => f.IsOpen && f.To != DateOnly.MaxValue
            && f.Aspect.StartsWith(PractitionerAspects.LicencePrefix, StringComparison.Ordinal) && Within(f.To.AddDays(-1 - PractitionerView.ExpiringDays), since, today))), StringComparer.Ordinal)];

    /// <summary>The resources that say what holds today. Those that are the same as before make no new version.</summary>
    public static IEnumerable<Write> Of(RegistryState state, IReadOnlyList<string> facilities, IReadOnlyList<string> practitioners, DateOnly today)
    {
        foreach (var code in facilities)
        {
            if (FacilityView.Read(state.Facilities, code, today, Now) is { } facility)
            {
                foreach (var (type, id, body) in FacilityBodies.Write(facility).Concat(FacilityBodies.EndedServices(state.Facilities, code, facility)))
                {
                    yield return new Write(WriteKind.Put, type, id, body);
                }
            }
        }

        foreach (var id in practitioners)
        {
            if (PractitionerView.Read(state.Practitioners, id, today, Now) is { } person)
            {
                foreach (var (type, resource, body) in PractitionerBodies.Write(person, today))
                {
                    yield return new Write(WriteKind.Put, type, resource, body);
                }
            }
        }
    }

    private static bool Within(DateOnly day, DateOnly? since, DateOnly today) => day != DateOnly.MinValue && day <= today && (since is null || day > since);
}
