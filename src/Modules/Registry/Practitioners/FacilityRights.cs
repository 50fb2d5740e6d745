using Mach.Contracts.Registry;
using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Practitioners;

/// <summary>What may be done where by whom on a day: the facility is open and has the service; the practitioner has a post there and a licence in force whose scope covers it.</summary>
/// <remarks>Source: Luật KCB 15/2023 art. 7, 27–35, 48–53: no practice without a licence, outside its scope, or where one is not registered; facilities work within their list of techniques.</remarks>
internal sealed class FacilityRights(RegistryBooks books) : IFacilityRights
{
    public async Task<IReadOnlyList<Obstacle>> AskAsync(string service, string facility, string? practitioner, DateOnly date, DateTimeOffset? knownAt, CancellationToken ct)
    {
        var state = await books.CurrentAsync(ct);
        var known = knownAt is { } moment ? RegistryBooks.Us(moment) : long.MaxValue - 1;
        return [.. Facility(state, service, facility, date, known), .. practitioner is null ? [] : Person(state, service, facility, practitioner, date, known)];
    }

    /// <summary>The subject of a personal id or licence number; null when nobody has it.</summary>
    internal static string? Subject(Ledger practitioners, string idOrLicence) =>
        practitioners.Of(idOrLicence).Count > 0 ? idOrLicence
        : practitioners.All.FirstOrDefault(f => f.Aspect == PractitionerAspects.LicencePrefix + idOrLicence)?.Subject;

    private static IEnumerable<Obstacle> Facility(RegistryState state, string service, string facility, DateOnly date, long known)
    {
        if (FacilityView.Read(state.Facilities, facility, date, known) is not { } view)
        {
            yield return new Obstacle("reg.facility.unknown", $"Không có cơ sở mã {facility}.", $"There is no facility {facility}.");
            yield break;
        }

        if (!view.IsOpen)
        {
            yield return new Obstacle("reg.facility.closed", $"{view.Name} không hoạt động ngày {date:dd/MM/yyyy}.", $"{view.Name} is not open on {date:yyyy-MM-dd}.");
        }

        if (!view.Services.Contains(service))
        {
            yield return new Obstacle("reg.facility.service", $"{view.Name} không được phê duyệt kỹ thuật {service} vào ngày {date:dd/MM/yyyy}.", $"The service {service} is not approved for {view.Name} on {date:yyyy-MM-dd}.");
        }
    }

    private static IEnumerable<Obstacle> Person(RegistryState state, string service, string facility, string practitioner, DateOnly date, long known)
    {
        if (Subject(state.Practitioners, practitioner) is not { } id || PractitionerView.Read(state.Practitioners, id, date, known) is not { } person)
        {
            yield return new Obstacle("reg.practitioner.unknown", $"Không có người hành nghề {practitioner}.", $"There is no practitioner {practitioner}.");
            yield break;
        }

        if (!person.Posts.Any(p => p.Facility == facility && p.Holds(date)))
        {
            yield return new Obstacle("reg.practitioner.post", $"{person.Name} không đăng ký hành nghề tại {facility} ngày {date:dd/MM/yyyy}.", $"{person.Name} has no post at {facility} on {date:yyyy-MM-dd}.");
        }

        var inForce = person.Licences.Where(l => l.State is LicenceState.Valid or LicenceState.Expiring).ToList();
        if (inForce.Count == 0)
        {
            var state0 = person.Licences.Count == 0 ? null : person.Licences[^1];
            yield return state0 is null
                ? new Obstacle("reg.licence.none", $"{person.Name} không có giấy phép hành nghề.", $"{person.Name} has no licence.")
                : new Obstacle("reg.licence." + state0.State.ToString().ToLowerInvariant(), $"Giấy phép {state0.Number} của {person.Name} không có hiệu lực ngày {date:dd/MM/yyyy} ({Vi(state0.State)}).", $"Licence {state0.Number} of {person.Name} is {state0.State.ToString().ToLowerInvariant()} on {date:yyyy-MM-dd}.");
        }
        else if (!inForce.Exists(l => new LicenceTerms(l.Issuer, l.Title, l.Scope).Covers(service)))
        {
            yield return new Obstacle("reg.licence.scope", $"Kỹ thuật {service} ngoài phạm vi hành nghề của {person.Name}.", $"The service {service} is outside the scope of practice of {person.Name}.");
        }
    }

    private static string Vi(LicenceState state) => state switch
    {
        LicenceState.Future => "chưa có hiệu lực",
        LicenceState.Expired => "hết hạn",
        LicenceState.Suspended => "bị đình chỉ",
        LicenceState.Revoked => "bị thu hồi",
        _ => "có hiệu lực",
    };
}
