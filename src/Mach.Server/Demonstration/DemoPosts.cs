using Mach.Access;
using Mach.Access.Authority;
using Mach.Demo;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.Server.Demonstration;

/// <summary>Where the people behind the demonstration's sign-ins work today, whose record is their own, and for whom they act. Made once; what was changed on a page since stays.</summary>
internal sealed class DemoPosts(Workplaces workplaces, RecordStore store, TimeProvider clock)
{
    private const string By = "demo";

    /// <param name="province">Null where there is none: posts then, and no person.</param>
    public async Task EnsureAsync(Province? province, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if ((await workplaces.PostsAsync(DemoAccounts.Rotating, ct)).Count == 0)
        {
            await workplaces.AddPostAsync(By, DemoAccounts.Rotating, DemoAccounts.FacilityCode, null, [Roles.Doctor], byRota: false, now, null, ct);
            var helping = await workplaces.AddPostAsync(By, DemoAccounts.Rotating, DemoAccounts.SatelliteCode, null, [Roles.Doctor], byRota: true, now, null, ct);
            await workplaces.AddShiftAsync(By, helping, now, now.AddHours(24), ct);
        }

        if (province?.Family is { } family && (await workplaces.IdentityAsync(DemoAccounts.Person, ct)).Person is null
            && await FindAsync(family.Mother, ct) is { } mother && await FindAsync(family.Child, ct) is { } child)
        {
            await workplaces.IdentifyAsync(By, DemoAccounts.Person, null, mother, ct);
            await workplaces.AddProxyAsync(By, DemoAccounts.Person, child, ProxyKind.Parent, "Giấy khai sinh (trình diễn)", null, ct);
        }
    }

    private async Task<string?> FindAsync(string citizenNumber, CancellationToken ct)
    {
        var key = Systems.NationalId + "|" + citizenNumber;
        return (await store.FindByIdentifierAsync("Patient", [key], ct)).TryGetValue(key, out var found) ? found[0].Id : null;
    }
}
