using System.Globalization;
using Mach.Access;
using Mach.Access.Audit;
using Mach.Access.Authority;
using Mach.Access.SignIn;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Mach.Trust.Policy;

/// <summary>The access policy for data officers: read it, ask why somebody sees a record, propose another, approve a colleague's draft.</summary>
internal static class PolicyPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/policy").RequireAuthorization(Policies.DecideData);
        group.MapGet("", (string? done, HttpContext http, PolicyBook book, CancellationToken ct) => PageAsync(http, book, null, done, ct)).WithName("trust-policy");
        group.MapGet("/labels", (string? text) => UiModule.Page<LabelsPage>(new { Text = text })).WithName("trust-labels");
        group.MapGet("/why", WhyAsync).WithName("trust-policy-why");
        group.MapGet("/edit", EditAsync).WithName("trust-policy-edit");
        group.MapPost("/edit", ProposeAsync).RequireStepUp().WithName("trust-policy-propose");
        group.MapPost("/{id}/approve", ApproveAsync).RequireStepUp().WithName("trust-policy-approve");
        group.MapPost("/{id}/decline", DeclineAsync).WithName("trust-policy-decline");
    }

    private static async Task<IResult> PageAsync(HttpContext http, PolicyBook book, AccountProblem? problem, string? done, CancellationToken ct) =>
        new RazorComponentResult<PolicyPage>(new { Policy = await book.CurrentAsync(ct), Versions = await book.ListAsync(ct), Me = http.User.AccountName(), Problem = problem, Done = done })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };

    /// <summary>An officer of one facility asks about its accounts and the people they see themselves.</summary>
    internal static async Task<IResult> WhyAsync(string? account, string? person, string? draft, HttpContext http, Accounts accounts, PolicyBook book, RecordStore store, Simulator simulator, CancellationToken ct)
    {
        var all = (await accounts.ListAsync(ct)).Where(a => !a.Disabled && (http.User.BoundFacility() is not { } bound || a.Facility == bound)).ToList();
        var waiting = (await book.ListAsync(ct)).FirstOrDefault(v => v.State == PolicyState.Draft)?.Policy;
        var (name, typed) = ((account ?? "").Trim(), (person ?? "").Trim());
        Explanation? explanation = null;
        string? problem = null;
        if (name.Length > 0 || typed.Length > 0)
        {
            var asked = all.Find(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase));
            var found = asked is null ? null : await Simulator.FindAsync(store.As(http.Sight(), http.Audit()), typed, ct);
            problem = name.Length == 0 ? null : asked is null ? "WhyNoAccount" : typed.Length == 0 ? null : found is null ? "WhyNoPerson" : null;
            if (asked is not null && found is not null)
            {
                http.Audit().ShowPerson(found);
                var useDraft = draft is not null && waiting is not null;
                explanation = await simulator.ExplainAsync(asked, found, useDraft ? waiting! : await book.CurrentAsync(ct), useDraft, ct);
            }
        }

        return UiModule.Page<WhyPage>(new { Accounts = all, Account = name, Person = typed, Draft = draft is not null, HasDraft = waiting is not null, Explanation = explanation, Problem = problem });
    }

    internal static async Task<IResult> EditAsync(string? from, PolicyBook book, CancellationToken ct) =>
        UiModule.Page<PolicyEditPage>(new { Policy = from == "shipped" ? AccessPolicy.Shipped : await book.CurrentAsync(ct) });

    /// <summary>A refused draft shows the form again with what was chosen.</summary>
    internal static async Task<IResult> ProposeAsync(IFormCollection form, HttpContext http, PolicyBook book, CancellationToken ct)
    {
        var (draft, why) = (Read(form, await book.CurrentAsync(ct)), form["why"].ToString());
        try
        {
            await book.ProposeAsync(http.User.AccountName(), draft, why, ct);
            return TypedResults.LocalRedirect("/policy?done=proposed");
        }
        catch (AccountRuleException e)
        {
            return new RazorComponentResult<PolicyEditPage>(new { Policy = draft, Why = why, Problem = e.Problem }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
        }
    }

    internal static async Task<IResult> ApproveAsync(string id, HttpContext http, PolicyBook book, CancellationToken ct) =>
        await book.ApproveAsync(http.User.AccountName(), id, ct) ? TypedResults.LocalRedirect("/policy?done=approved")
        : await PageAsync(http, book, new("policy.own", T.In("vi", "PolicyNotApproved"), T.In("en", "PolicyNotApproved")), null, ct);

    internal static async Task<IResult> DeclineAsync(string id, HttpContext http, PolicyBook book, CancellationToken ct) =>
        await book.DeclineAsync(http.User.AccountName(), id, ct) ? TypedResults.LocalRedirect("/policy?done=declined")
        : await PageAsync(http, book, new("policy.decided", T.In("vi", "PolicyDecided"), T.In("en", "PolicyDecided")), null, ct);

    private static Mach.Ui.Texts T => Words.T;

    /// <summary>What the form does not offer stays as it is: words, resource types, purposes.</summary>
    private static AccessPolicy Read(IFormCollection form, AccessPolicy current)
    {
        List<TEnum> Chosen<TEnum>(string name) where TEnum : struct, Enum => [.. form[name].Select(v => Enum.TryParse<TEnum>(v, out var one) && Enum.IsDefined(one) ? one : default).Where(v => !v.Equals(default(TEnum))).Distinct()];
        int Number(string name) => int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

        return current with
        {
            Rules = [.. current.Rules.Select(rule => rule with
            {
                Months = Number(rule.Role + ".months"),
                TieMonths = Number(rule.Role + ".tieMonths"),
                Ties = Chosen<TieKinds>(rule.Role + ".ties"),
                Consents = form[rule.Role + ".consents"] == "true",
                Opens = Chosen<DataLabels>(rule.Role + ".opens"),
                OpensHere = Chosen<DataLabels>(rule.Role + ".opensHere"),
                Emergency = form[rule.Role + ".emergency"] == "true",
            })],
            ProxyHides = Chosen<DataLabels>("proxyHides"),
            Emergency = new(Number("hours"), Number("reviewHours")),
        };
    }
}
