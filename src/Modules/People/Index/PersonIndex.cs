using Mach.Contracts.People;
using Mach.Data;
using Mach.Kernel;
using Mach.People.Matching;
using Mach.People.Profiles;
using Mach.People.Questions;
using Mach.Store;
using Mach.Vietnam;

namespace Mach.People.Index;

/// <summary>Decides under which Patient a dossier is filed. Reads only; the caller commits what it answers.</summary>
internal sealed class PersonIndex(RecordStore store, FactsMaker facts, TimeProvider clock) : IPersonIndex
{
    public async Task<IReadOnlyList<PersonDecision>> DecideAsync(IReadOnlyList<PersonClaim> claims, CancellationToken ct)
    {
        await facts.RefreshAsync(ct);
        var batch = await KnownPersons.LoadAsync(store, claims, ct);
        var asked = await QuestionTable.FindAsync(store.Db, claims.Where(c => c.FiledUnder is not null).Select(QuestionTable.IdOf), ct);
        var decisions = new List<PersonDecision>(claims.Count);
        foreach (var claim in claims)
        {
            decisions.Add(await DecideAsync(claim, batch, asked, ct));
        }

        return decisions;
    }

    private async Task<PersonDecision> DecideAsync(PersonClaim claim, KnownPersons batch, Dictionary<string, QuestionRow> asked, CancellationToken ct)
    {
        var filedUnder = claim.FiledUnder is { } before ? batch.Find(before) : null;
        var verdict = KeyRules.Judge(claim, batch.Holders, filedUnder);
        var question = asked.GetValueOrDefault(QuestionTable.IdOf(claim));
        if (verdict.Reasons.Count > 0)
        {
            return await WaitAsync(claim, verdict, question, filedUnder, batch, ct);
        }

        var decision = verdict.Person is { } person
            ? Merge(claim, verdict.Match, person, batch, NothingDisputed)
            : await AddAsync(claim, verdict.Match, filedUnder is not null, batch, NothingDisputed, ct);
        return Moved(claim, verdict, decision, question);
    }

    /// <summary>
    /// The identifiers are clear. A visit that was another person's before moves (a corrected dossier is the visit's new version), but never in silence;
    /// one that goes back to whom it was, or that now fits, settles the question that waits.
    /// </summary>
    private PersonDecision Moved(PersonClaim claim, Verdict verdict, PersonDecision decision, QuestionRow? question)
    {
        var waits = question is { Status: QuestionRow.Waiting };
        if (verdict.LeftBehind is { } left && !(waits && question!.CandidateIds.Contains(decision.PatientId)))
        {
            var asked = verdict with { Reasons = [KeyRules.VisitOtherPerson], Candidates = [left] };
            return decision with
            {
                Findings = [Contradiction.Finding(asked.Reasons)],
                Rows = [.. decision.Rows, QuestionTable.Row(QuestionRow.Ask(claim, decision.PatientId, asked, clock.GetUtcNow()))],
            };
        }

        var stays = waits && question!.ReasonCodes.Contains(KeyRules.VisitOtherPerson) && question.Patient == decision.PatientId;
        return waits && !stays ? decision with { Rows = [.. decision.Rows, QuestionTable.Row(question! with { Status = QuestionRow.Corrected })] } : decision;
    }

    /// <summary>Files under the provisional person of this contradiction, and asks the data officer once.</summary>
    private async Task<PersonDecision> WaitAsync(PersonClaim claim, Verdict verdict, QuestionRow? question, PersonState? filedUnder, KnownPersons batch, CancellationToken ct)
    {
        var disputed = PatientKeys.Of(claim).Where(k => batch.Holders(k).Count > 0 && !k.StartsWith(Systems.Own, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var known = question is not null && filedUnder?.Id == question.Patient
            ? filedUnder
            : disputed.SelectMany(batch.Disputants).FirstOrDefault(p => PersonDetails.AreSame(claim, p.View));
        var decision = known is not null
            ? Merge(claim, PersonMatch.Contradiction, known, batch, disputed)
            : await AddAsync(claim, PersonMatch.Contradiction, filedUnder is not null, batch, disputed, ct);
        decision = decision with { Findings = [Contradiction.Finding(verdict.Reasons)] };
        if (verdict.LeftBehind is { } left)
        {
            verdict = verdict with { Reasons = [.. verdict.Reasons, KeyRules.VisitOtherPerson], Candidates = [.. verdict.Candidates, left] };
        }

        var isNew = verdict.LeftBehind is not null || (question is null ? known is null : question.Status == QuestionRow.Corrected);
        return isNew
            ? decision with { Rows = [.. decision.Rows, QuestionTable.Row(QuestionRow.Ask(claim, decision.PatientId, verdict, clock.GetUtcNow()))] }
            : decision;
    }

    private PersonDecision Merge(PersonClaim claim, PersonMatch match, PersonState person, KnownPersons batch, IReadOnlySet<string> disputed)
    {
        var (version, wasPending) = (person.Version, person.IsPending);
        var held = person.View;
        var (before, times) = (person.Times, person.Times);
        var body = GoldenPatient.Merge(person.Body, claim, disputed, ref times);
        person.Times = times;
        IEnumerable<TableRows> profile = [];
        if (body is not null)
        {
            var known = PatientFacts.Read(facts, person.Body);
            person.Change(body);
            batch.Index(person);
            profile = Profile.Rows(person.Id, person.Version, PatientFacts.Read(facts, body), known);
        }

        // What rests on an earlier decision of the batch writes the same body again (which makes no version), so that it falls when that one falls.
        // A null array would quietly become empty memory, which is not the same as no new body.
        var changed = body is not null ? body.AsMemory() : wasPending ? person.Body : default(ReadOnlyMemory<byte>?);
        return new PersonDecision(person.Id, match, changed, false, NewUniqueKeys(person.View, held))
        {
            ExpectedVersion = changed is null ? null : version,
            Rows = [.. times == before ? [] : new[] { KnownPersons.TimesRow(person) }, .. profile],
        };
    }

    private async Task<PersonDecision> AddAsync(PersonClaim claim, PersonMatch match, bool isRefiled, KnownPersons batch, IReadOnlySet<string> disputed, CancellationToken ct)
    {
        // The id follows from the dossier, so that a load repeated after a crash gives the same ids; a dossier that moves to another person may have used it up.
        var id = Ids.Derive("person", claim.Facility, claim.MaLk, claim.NationalId ?? "", claim.Name);
        if (batch.Find(id) is not null || (isRefiled && await store.ReadAsync("Patient", id, ct) is not null))
        {
            id = Ids.New();
        }

        var body = GoldenPatient.Create(id, claim, disputed, out var times);
        var person = PersonState.New(body, times);
        batch.Index(person);
        return new PersonDecision(id, match, body, true, NewUniqueKeys(person.View, null)) { ExpectedVersion = 0, Rows = [KnownPersons.TimesRow(person), .. Profile.Rows(id, person.Version, PatientFacts.Read(facts, body), null)] };
    }

    private static List<string> NewUniqueKeys(PatientView now, PatientView? before) =>
    [
        .. now.Identifiers
            .Where(i => !i.Disputed && i.System is (Systems.NationalId or Systems.InsuranceNumber))
            .Select(i => i.Key)
            .Where(k => before is null || !before.Holds(k)),
    ];

    private static readonly HashSet<string> NothingDisputed = [];
}
