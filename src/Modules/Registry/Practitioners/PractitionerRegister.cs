using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Registry.Ledgers;

namespace Mach.Registry.Practitioners;

/// <summary>Takes practitioners from other rooms into the ledger.</summary>
internal sealed class PractitionerRegister(RegistryBooks books) : IPractitioners
{
    private const int PerChange = 200;

    public async Task PutAsync(IReadOnlyList<ListedPractitioner> practitioners, CancellationToken ct)
    {
        foreach (var some in practitioners.Chunk(PerChange))
        {
            await books.ChangeAsync(
                new ChangeNote("edit", "registry", "", "practitioners"),
                draft =>
                {
                    foreach (var person in some)
                    {
                        State(draft.Practitioners, person);
                    }
                },
                ct);
        }
    }

    private static void State(LedgerDraft ledger, ListedPractitioner person)
    {
        var id = person.PersonalId;
        ledger.State(Statement.Always(id, PractitionerAspects.Name, person.Name));
        ledger.State(Statement.Always(id, PractitionerAspects.Sex, person.Sex));
        ledger.State(Statement.Always(id, PractitionerAspects.Born, person.Born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        ledger.StateOnly(new Statement(id, PractitionerAspects.LicencePrefix + person.Licence, new LicenceTerms(person.Issuer, person.Title, person.Scope).Write(), person.Issued, person.Expiry.AddDays(1)));
        ledger.State(Statement.Since(id, PractitionerAspects.PostPrefix + person.Facility, new PostTerms(person.Title, "", "").Write(), person.PostFrom));
    }
}
