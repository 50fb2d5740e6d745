using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Contracts.Registry;
using Mach.Store;
using Mach.Trust.Decisions;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Trust.Me;

/// <summary>Where the one at the screen works now, whose record is theirs, and for whom they act.</summary>
internal static class MePages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/me").RequireAuthorization(Policies.OwnAccount);
        group.MapGet("", PageAsync).WithName("trust-me");
        group.MapPost("/post", ChooseAsync).WithName("trust-post-choose");
    }

    internal static async Task<IResult> PageAsync(string? done, HttpContext http, Workplaces workplaces, RecordStore store, IFacilityDirectory facilities, TimeProvider clock, CancellationToken ct)
    {
        var (me, now) = (http.User.AccountName(), clock.GetUtcNow());
        var place = await workplaces.OfAsync(me, http.User.BoundFacility(), ct);
        var view = store.As(http.Sight(), http.Audit());
        List<(string Id, string Name, Proxy? Proxy)> people = [];
        async Task AddAsync(string id, Proxy? proxy)
        {
            if (await view.ReadAsync("Patient", id, ct) is { IsDeleted: false } patient)
            {
                people.Add((id, DecisionPages.NameOf(patient.Body), proxy));
            }
        }

        if (place.Person is { } own)
        {
            await AddAsync(own, null);
        }

        foreach (var proxy in (await workplaces.ActsForAsync(me, ct)).Where(p => p.Counts(now)).DistinctBy(p => p.Person))
        {
            await AddAsync(proxy.Person, proxy);
        }

        return UiModule.Page<MePage>(new
        {
            Place = place,
            Posts = (await workplaces.PostsAsync(me, ct)).Where(p => !(p.Until <= now)).ToList(),
            People = people,
            Facilities = facilities,
            Now = now,
            Done = done,
            IsStaff = http.User.HasRole(Roles.Doctor) || http.User.HasRole(Roles.Nurse) || http.User.HasRole(Roles.Registrar) || http.User.HasRole(Roles.DataOfficer),
        });
    }

    internal static async Task<IResult> ChooseAsync(IFormCollection form, HttpContext http, Workplaces workplaces, CancellationToken ct) =>
        TypedResults.LocalRedirect(await workplaces.ChooseAsync(http.User.AccountName(), form["post"].ToString(), ct) ? "/me?done=chosen" : "/me?done=refused");
}
