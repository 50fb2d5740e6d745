using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Demo;
using Mach.Intake;
using Mach.Server.Hosting;

namespace Mach.Server.Demonstration;

/// <summary>How far the demonstration province is loaded; kept in the database, so that an interrupted load goes on.</summary>
internal sealed record DemoProgress(int People, string Today, int Envelopes, bool Finished);

/// <summary>Feeds the generated province through the same intake path as the portal.</summary>
internal sealed class DemoLoader(IntakeService intake, IFacilityDirectory facilities, ServerMemory memory, TimeProvider clock)
{
    private const string MemoryName = "demo-province";
    private const int DossiersPerEnvelope = 100;
    /// <summary>Envelopes under way at once: enough to keep both the parsers and the committer busy.</summary>
    private const int InFlight = 16;
    /// <summary>Envelopes between two notes of how far the load is.</summary>
    private const int NoteEvery = 20;

    /// <param name="people">People in the province; see <see cref="Province.For"/>.</param>
    /// <exception cref="HubException">The store already holds a demonstration of another size.</exception>
    public async Task LoadAsync(DemoSize size, int? people, Action<long, long> progress, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(TimeSpan.FromHours(7)).DateTime);
        var wanted = people ?? (size == DemoSize.Small ? Province.SmallPeople : Province.ProvincePeople);
        var state = await memory.RecallAsync<DemoProgress>(MemoryName, ct) ?? new DemoProgress(wanted, today.ToString("O", CultureInfo.InvariantCulture), 0, false);
        if (state.People != wanted)
        {
            throw new HubException($"This data folder already holds a demonstration of {state.People} people. Use another --data folder, or the same size.");
        }

        if (state.Finished)
        {
            return;
        }

        var province = new Province(state.People, today: DateOnly.Parse(state.Today, CultureInfo.InvariantCulture));
        await facilities.PutAsync([.. province.Facilities.Select(ToFacility)], ct);
        await memory.RememberAsync(MemoryName, state, ct);
        state = await TakeAllAsync(province, state, progress, ct);
        await memory.RememberAsync(MemoryName, state with { Finished = true }, ct);
    }

    private async Task<DemoProgress> TakeAllAsync(Province province, DemoProgress state, Action<long, long> progress, CancellationToken ct)
    {
        var under = new Queue<Task>();
        long done = 0;
        var number = 0;
        foreach (var (fileName, envelope) in province.Envelopes(DossiersPerEnvelope))
        {
            number++;
            done += DossiersPerEnvelope;
            if (number <= state.Envelopes)
            {
                continue;
            }

            while (under.Count >= InFlight)
            {
                await under.Dequeue();
            }

            under.Enqueue(Task.Run(() => intake.TakeAsync(new MemoryStream(envelope, writable: false), new IntakeSource("demo", "demo", null, fileName), null, ct), ct));
            progress(Math.Min(done, province.EstimatedVisits), province.EstimatedVisits);
            if (number % NoteEvery == 0)
            {
                await Task.WhenAll(under);
                under.Clear();
                await memory.RememberAsync(MemoryName, state with { Envelopes = number }, ct);
            }
        }

        await Task.WhenAll(under);
        return state with { Envelopes = number };
    }

    private static Facility ToFacility(DemoFacility facility) => new()
    {
        Code = facility.Code,
        Name = facility.Name,
        Tier = facility.Tier,
        FormerProvince = facility.FormerProvince,
        CommuneCode = facility.CommuneCode,
        Status = FacilityStatus.Active,
    };
}
