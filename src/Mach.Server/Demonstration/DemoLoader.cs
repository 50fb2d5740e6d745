using System.Globalization;
using Mach.Contracts.Registry;
using Mach.Data;
using Mach.Demo;
using Mach.Indicators;
using Mach.Intake;
using Mach.Server.Hosting;
using Mach.Vietnam.Bhyt;

namespace Mach.Server.Demonstration;

/// <summary>How far the demonstration province is loaded; kept in the database, so that an interrupted load goes on.</summary>
internal sealed record DemoProgress(int People, string Today, int Windows, bool Finished);

/// <summary>Feeds the generated province through the same intake path as the portal.</summary>
internal sealed class DemoLoader(IntakeService intake, IFacilityDirectory facilities, IFacilityMeans means, IStationNetwork stations, IPractitioners practitioners, IndicatorService indicators, ServerMemory memory, Db db, TimeProvider clock)
{
    private const string MemoryName = "demo-province";
    private const int DossiersPerEnvelope = 50;
    /// <summary>Dossiers looked at together: in order of time, grouped by facility, taken before the next ones begin. The load goes on from here after an interruption.</summary>
    private const int WindowDossiers = 4_000;
    /// <summary>Envelopes under way at once: enough to keep the readers and the committer busy.</summary>
    private const int InFlight = 16;

    /// <param name="people">People in the province; see <see cref="Province.For"/>.</param>
    /// <returns>The province that is there now.</returns>
    /// <exception cref="HubException">The store already holds a demonstration of another size.</exception>
    public async Task<Province> LoadAsync(DemoSize size, int? people, Action<long, long> progress, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().ToOffset(TimeSpan.FromHours(7)).DateTime);
        var wanted = people ?? (size == DemoSize.Small ? Province.SmallPeople : Province.ProvincePeople);
        var state = await memory.RecallAsync<DemoProgress>(MemoryName, ct) ?? new DemoProgress(wanted, today.ToString("O", CultureInfo.InvariantCulture), 0, false);
        if (state.People != wanted)
        {
            throw new HubException($"This data folder already holds a demonstration of {state.People} people. Use another --data folder, or the same size.");
        }

        var province = new Province(state.People, today: DateOnly.Parse(state.Today, CultureInfo.InvariantCulture));
        if (state.Finished)
        {
            return province;
        }

        using (db.LoadInBulk())
        {
            state = await LoadAsync(province, state, progress, ct);
        }

        await memory.RememberAsync(MemoryName, state with { Finished = true }, ct);
        return province;
    }

    private async Task<DemoProgress> LoadAsync(Province province, DemoProgress state, Action<long, long> progress, CancellationToken ct)
    {
        await facilities.PutAsync([.. province.Facilities.Select(ToFacility)], ct);
        await means.PutAsync([.. province.Facilities.Select(f => new FacilityMeans(f.Code, f.BedsPlanned, f.BedsReal, f.Services))], ct);
        await stations.LoadDemonstrationAsync(ct);
        await practitioners.PutAsync([.. province.Practitioners.Select(ToListed)], ct);
        await memory.RememberAsync(MemoryName, state, ct);
        return await TakeAllAsync(province, state, progress, ct);
    }

    private async Task<DemoProgress> TakeAllAsync(Province province, DemoProgress state, Action<long, long> progress, CancellationToken ct)
    {
        var number = 0;
        long done = 0;
        var steering = new DemoSteering(province.Today);
        foreach (var window in province.Dossiers().Chunk(WindowDossiers))
        {
            number++;
            // Looked at whether they were sent already or not: what is made of them is the same after an interruption.
            var sent = window.Where(steering.Pass).ToArray();
            if (number > state.Windows)
            {
                var before = done;
                var taken = 0;
                await Parallel.ForEachAsync(Envelopes(sent, province.Today), new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = ct }, async (envelope, stop) =>
                {
                    var receipt = await intake.TakeAsync(new MemoryStream(envelope.Bytes, writable: false), new IntakeSource("demo", "demo", null, envelope.FileName), null, stop);
                    progress(Math.Min(before + Interlocked.Add(ref taken, receipt.Dossiers), province.EstimatedVisits), province.EstimatedVisits);
                });
                await memory.RememberAsync(MemoryName, state with { Windows = number }, ct);
            }

            done += window.Length;
        }

        foreach (var (name, bytes) in Envelopes([.. steering.SentAgain()], province.Today))
        {
            await intake.TakeAsync(new MemoryStream(bytes, writable: false), new IntakeSource("demo", "demo", null, name), null, ct);
        }

        await steering.PlanAsync(province, indicators, ct);
        return state with { Windows = number };
    }

    /// <summary>Each facility's dossiers of a window as envelopes; check-ins are files of their own.</summary>
    private static IEnumerable<(string FileName, byte[] Bytes)> Envelopes(Dossier[] window, DateOnly created)
    {
        foreach (var checkIn in window.Where(d => d.IsCheckIn))
        {
            using var file = new MemoryStream();
            EnvelopeWriter.WriteCheckIn(file, checkIn);
            yield return ($"checkin_{checkIn.FacilityCode}_{checkIn.MaLk}.xml", file.ToArray());
        }

        foreach (var facility in window.Where(d => !d.IsCheckIn).GroupBy(d => d.FacilityCode))
        {
            var part = 0;
            foreach (var some in facility.Chunk(DossiersPerEnvelope))
            {
                using var file = new MemoryStream();
                EnvelopeWriter.Write(file, facility.Key, created, some);
                yield return (string.Create(CultureInfo.InvariantCulture, $"{facility.Key}_{some[^1].Summary["NGAY_RA"]}_{++part}.xml"), file.ToArray());
            }
        }
    }

    private static ListedPractitioner ToListed(DemoPractitioner p) =>
        new(p.PersonalId, p.Name, p.Sex, p.Born, p.Licence, "Sở Y tế Phú Thọ", p.Title, p.Scope, p.Issued, p.Expiry, p.Facility, p.PostFrom);

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
