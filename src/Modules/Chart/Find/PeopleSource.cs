using Mach.Access;
using Mach.Access.Audit;
using Mach.Chart.Reading;
using Mach.Contracts.People;
using Mach.Store;
using Mach.Ui;
using Mach.Ui.Finding;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Mach.Chart.Find;

/// <summary>
/// People in the search over everything: as the box for people finds them, and while nothing is typed those whose record this caller opened in the last days, newest first.
/// That comes from the audit trail; no browser keeps a name. Who is listed is seen, and stands in the trail.
/// </summary>
internal sealed class PeopleSource(PersonFinder finder, RecordView store, AuditReader trail, IPersonConfidentiality confidentiality, IAuthorizationService authorization, TimeProvider clock) : ISearchSource
{
    private const int Recent = 5, RecentDays = 7, LinesRead = 40;

    public int Place => 10;

    public async ValueTask<SearchGroup?> FindAsync(SearchAsked asked, CancellationToken ct)
    {
        if (!(await authorization.AuthorizeAsync(asked.Http.User, null, Policies.FindPerson)).Succeeded)
        {
            return null;
        }

        return asked.Text.Length == 0 ? await RecentAsync(asked.Http, ct) : await NamedAsync(asked, ct);
    }

    private async Task<SearchGroup?> NamedAsync(SearchAsked asked, CancellationToken ct)
    {
        var found = await finder.FindAsync(asked.Text, null, SearchAsked.Shown, ct);
        var rows = await HideAsync(asked.Http, found.Rows, ct);
        return rows.Count == 0 ? null : new SearchGroup(Words.T["People"], [.. rows.Select(r => Hit(r, null))]) { Page = "/people?q=" + Uri.EscapeDataString(asked.Text), HasMore = found.More is not null };
    }

    private async Task<SearchGroup?> RecentAsync(HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var filter = new AuditFilter { Actor = http.User.AccountName(), What = "record-open", Outcome = AccessOutcome.Ok, FromUs = (now.AddDays(-RecentDays) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond };
        var opened = (await trail.ListAsync(filter, LinesRead, null, ct)).Lines.Where(l => l.Entry.Persons is [_]).DistinctBy(l => l.Entry.Persons![0]).Take(Recent).Select(l => (Id: l.Entry.Persons![0], l.At)).ToList();
        if (opened.Count == 0)
        {
            return null;
        }

        var rows = await HideAsync(http, Parsed.Select(await store.ReadManyAsync([.. opened.Select(o => ("Patient", o.Id))], ct), PersonRow.From), ct);
        return rows.Count == 0 ? null : new SearchGroup(Words.T["FindRecent"], [.. from o in opened join row in rows on o.Id equals row.Id select Hit(row, Dates.Ago(o.At, now))]);
    }

    private async Task<IReadOnlyList<PersonRow>> HideAsync(HttpContext http, IReadOnlyList<PersonRow> rows, CancellationToken ct)
    {
        var hidden = await confidentiality.HiddenFromAsync(http.User, [.. rows.Select(r => r.Id)], ct);
        return hidden.Count == 0 ? rows : [.. rows.Select(r => hidden.Contains(r.Id) ? r.Hide() : r)];
    }

    private static SearchHit Hit(PersonRow row, string? opened) => new("/people/" + row.Id, row.Name)
    {
        Code = row.Birth is { } birth ? Dates.Show(birth) : null,
        Under = string.Join(" · ", new[] { opened, Words.T.Find("Sex." + row.Gender), row.NationalIdEnd is null ? null : "CCCD ••••" + row.NationalIdEnd, row.Card, row.Address, row.Records > 1 ? Words.T.Format("SeveralRecords", row.Records) : null }.Where(part => !string.IsNullOrEmpty(part))),
        IsConfidential = row.IsConfidential,
        IsTest = row.IsTest,
    };
}
