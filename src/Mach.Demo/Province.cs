using Mach.Demo.Catalogue;
using Mach.Demo.Life;
using Mach.Demo.People;
using Mach.Demo.Writing;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo;

/// <summary>
/// Phú Thọ as it could be: invented people with the histories that people have, as the dossiers their facilities would send.
/// The same people, seed and day give the same bytes. Nobody in it is real.
/// </summary>
/// <remarks>
/// People come in neighbourhoods of about 8,000. Within one, dossiers are in order of time; then the next neighbourhood begins at the
/// first year again. So the order within every person's life holds, and memory stays flat at any size. A province of up to 8,000 people is
/// in order of time throughout.
/// </remarks>
public sealed class Province
{
    private const int Neighbourhood = 8_192;
    /// <summary>People of the small demonstration.</summary>
    public const int SmallPeople = 2_100;
    /// <summary>People of the whole province: the 1.3 million health records of Phú Thọ.</summary>
    public const int ProvincePeople = 1_300_000;

    private readonly ulong _seed;
    private readonly int _people;
    private readonly LifeContext _context;
    private readonly LifePlan _plan;
    private readonly DossierWriter _writer;
    private readonly Population _population;
    private readonly Lazy<(long Visits, string Longest, (string, string)? Family)> _sample;

    /// <param name="people">1,000 to 1,300,000; whole households are kept together, so a few more may come.</param>
    /// <param name="today">The day of the demonstration in Vietnam; the present day if not given. Visits end the day before, check-ins are on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too few or too many people, or a day before 2024.</exception>
    public Province(int people, int seed = 2026, DateOnly? today = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(people, 1_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(people, ProvincePeople);
        Today = today ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(7));
        ArgumentOutOfRangeException.ThrowIfLessThan(Today, new DateOnly(2024, 1, 1), nameof(today));
        (_seed, _people) = ((ulong)seed, people);
        var places = new Places(people < 100_000 ? 148 : 494);
        var medicine = new Medicine();
        var names = new Names();
        _context = new LifeContext(_seed, Today, places, medicine);
        _plan = new LifePlan(_context);
        _writer = new DossierWriter(_seed, medicine, names, people < 20_000 ? 1 / 300.0 : 1 / 3_000.0);
        _population = new Population(_seed, people, Today, places);
        var staff = new Staff(_seed, names);
        Practitioners = places.Facilities.SelectMany(f => staff.Roster(f, Today));
        Facilities = [.. places.Facilities.Select(f => new Means(_seed, medicine).Of(f))];
        _sample = new Lazy<(long, string, (string, string)?)>(Sample);
    }

    public static Province For(DemoSize size, int? people = null) => new(people ?? (size == DemoSize.Small ? SmallPeople : ProvincePeople));

    /// <summary>The day of the demonstration.</summary>
    public DateOnly Today { get; }

    /// <summary>47 hospitals and centres, then the stations.</summary>
    public IReadOnlyList<DemoFacility> Facilities { get; }

    /// <summary>Some of the doctors of each facility, under the licence numbers that the dossiers carry.</summary>
    public IEnumerable<DemoPractitioner> Practitioners { get; }

    /// <summary>Exact for a small province, reckoned from the first neighbourhood for a large one. Check-ins are not counted.</summary>
    public long EstimatedVisits => _sample.Value.Visits;

    /// <summary>CCCD of the person on dialysis since the first day: more than 700 visits when today is after autumn 2026.</summary>
    public string LongestRecordCccd => _sample.Value.Longest;

    /// <summary>CCCD of a mother and of her school child, who both have been seen under their own numbers; null when there are none.</summary>
    public (string Mother, string Child)? Family => _sample.Value.Family;

    /// <summary>All dossiers, then the check-ins of the day, neighbourhood after neighbourhood; see the remarks on order.</summary>
    public IEnumerable<Dossier> Dossiers()
    {
        foreach (var (dossier, _, _) in Written())
        {
            yield return dossier;
        }
    }

    /// <summary>The dossiers with the visits they tell of, and the defects that were put in on purpose.</summary>
    internal IEnumerable<(Dossier Dossier, Visit Visit, string? Defect)> Written()
    {
        foreach (var (visit, isCheckIn) in Visits())
        {
            var (dossier, defect) = isCheckIn ? (DossierWriter.CheckIn(visit), null) : _writer.Write(visit);
            yield return (dossier, visit, defect);
        }
    }

    /// <summary>
    /// The same as files. A facility collects up to <paramref name="dossiersPerEnvelope"/> dossiers of a quarter (of a month in a large
    /// province); it sends earlier when one of its people turns up elsewhere, so that the order within a life holds. Check-ins are files of their own.
    /// </summary>
    public IEnumerable<(string FileName, byte[] Envelope)> Envelopes(int dossiersPerEnvelope)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dossiersPerEnvelope, 1);
        var outgoing = new Outgoing(dossiersPerEnvelope);
        var period = -1;
        var months = _people < 20_000 ? 3 : 1;
        foreach (var (visit, isCheckIn) in Visits())
        {
            var now = ((visit.End.Year * 12) + visit.End.Month) / months;
            if (now != period || isCheckIn)
            {
                foreach (var file in outgoing.SendAll())
                {
                    yield return file;
                }

                period = now;
            }

            if (isCheckIn)
            {
                yield return Outgoing.CheckIn(DossierWriter.CheckIn(visit));
                continue;
            }

            foreach (var file in outgoing.Add(visit, _writer.Write(visit).Dossier))
            {
                yield return file;
            }
        }

        foreach (var file in outgoing.SendAll())
        {
            yield return file;
        }
    }

    private IEnumerable<(Visit Visit, bool CheckIn)> Visits()
    {
        foreach (var people in Neighbourhoods())
        {
            var visits = new List<Visit>();
            foreach (var person in people)
            {
                visits.AddRange(_plan.Of(person));
            }

            // Ended first is sent first; the index keeps the order the same everywhere.
            visits.Sort((a, b) => a.End != b.End ? a.End.CompareTo(b.End) : a.Person.Index.CompareTo(b.Person.Index));
            foreach (var visit in visits)
            {
                yield return (visit, false);
            }

            foreach (var person in people)
            {
                if (CheckIns.Today(person, _context) is { } open)
                {
                    yield return (open, true);
                }
            }
        }
    }

    private IEnumerable<List<Person>> Neighbourhoods()
    {
        var people = new List<Person>();
        foreach (var household in _population.Households())
        {
            people.AddRange(household.Members);
            if (people.Count >= Neighbourhood)
            {
                yield return people;
                people = [];
            }
        }

        if (people.Count > 0)
        {
            yield return people;
        }
    }

    private (long Visits, string Longest, (string, string)? Family) Sample()
    {
        var first = Neighbourhoods().First();
        long visits = first.Sum(p => (long)_plan.Of(p).Count);
        var longest = first.Find(Courses.IsLongestRecord) ?? throw new InvalidOperationException("The first household is always there.");
        var child = first.Find(p => p.Mother is { } mother && p.AgeOn(Today) is >= 7 and <= 14 && IsKnown(mother) && IsKnown(p));
        return (first.Count < Neighbourhood ? visits : visits * _people / first.Count, longest.Cccd, child is null ? null : (child.Mother!.Cccd, child.Cccd));
    }

    /// <summary>Alive, and seen several times lately with the citizen number on the paper.</summary>
    private bool IsKnown(Person person) => person is { ShowsCccd: true, Death: null } && _plan.Of(person).Count(v => v.Start.Year >= Today.Year - 4) >= 3;
}
