using Mach.Registry.Facilities;
using Mach.Registry.Ledgers;
using Mach.Registry.Units;

namespace Mach.Registry.Networks;

/// <summary>
/// The networks that facilities stand in beside the map: satellites under a core hospital, and the office of social insurance that a facility is under.
/// One parent at a time in each, with its days.
/// </summary>
internal static class Network
{
    public static readonly IReadOnlyList<string> Hierarchies = [Mach.Contracts.Registry.Hierarchies.Satellite, Mach.Contracts.Registry.Hierarchies.Insurance];
    public const string OfficeType = "insurance-office";
    private const string OfficePrefix = "bhxh-";
    private const int LongestOffice = 20;

    public static string AspectOf(string hierarchy) => hierarchy == Mach.Contracts.Registry.Hierarchies.Satellite ? FacilityAspects.Core : FacilityAspects.InsuranceOffice;

    /// <summary>Unit id of an office's code; the code itself when it is an id already.</summary>
    public static string OfficeId(string code) => code.StartsWith(OfficePrefix, StringComparison.Ordinal) ? code : OfficePrefix + code.ToLowerInvariant();

    public static string OfficeCode(string id) => id.StartsWith(OfficePrefix, StringComparison.Ordinal) ? id[OfficePrefix.Length..].ToUpperInvariant() : id;

    /// <summary>What is stated as parent: a facility code, or the id of an office.</summary>
    public static string ParentValue(string hierarchy, string parent) => hierarchy == Mach.Contracts.Registry.Hierarchies.Satellite ? parent.ToUpperInvariant() : OfficeId(parent);

    /// <summary>Everything that keeps the link from being stated. The field is facility, parent or last.</summary>
    /// <param name="parent">Facility code of the core hospital, or code of the office; empty = the link ends.</param>
    /// <param name="to">First day on which it no longer holds.</param>
    public static IReadOnlyList<Problem> Check(RegistryDraft draft, string hierarchy, string facility, string parent, DateOnly from, DateOnly to)
    {
        var problems = new List<Problem>();
        if (!IsOpen(draft, facility, from))
        {
            problems.Add(new Problem("facility", $"Không có cơ sở mã '{Short(facility)}' hoạt động ngày {from:dd/MM/yyyy}.", $"No facility with the code '{Short(facility)}' is open on {from:yyyy-MM-dd}."));
        }

        if (to <= from)
        {
            problems.Add(new Problem("last", "Ngày cuối phải từ ngày bắt đầu trở đi.", "The last day must not be before the first."));
        }

        if (parent.Length == 0)
        {
            return problems;
        }

        var value = ParentValue(hierarchy, parent);
        if (hierarchy == Mach.Contracts.Registry.Hierarchies.Insurance)
        {
            if (!draft.Units.Now(value, Aspects.Type).Any(f => f.Holds(from) && f.Value == OfficeType))
            {
                problems.Add(new Problem("parent", $"Không có cơ quan BHXH mã '{Short(parent)}' ngày {from:dd/MM/yyyy}.", $"There is no insurance office '{Short(parent)}' on {from:yyyy-MM-dd}."));
            }
        }
        else if (value == facility)
        {
            problems.Add(new Problem("parent", "Bệnh viện không thể là vệ tinh của chính mình.", "A hospital cannot be its own satellite."));
        }
        else if (!IsOpen(draft, value, from))
        {
            problems.Add(new Problem("parent", $"Không có bệnh viện hạt nhân mã '{Short(parent)}' hoạt động ngày {from:dd/MM/yyyy}.", $"No core hospital with the code '{Short(parent)}' is open on {from:yyyy-MM-dd}."));
        }
        else if (problems.Count == 0 && Circle(draft, facility, value, from, to) is { } day)
        {
            problems.Add(new Problem("parent", $"Ngày {day:dd/MM/yyyy} cơ sở '{value}' đang là vệ tinh (trực tiếp hoặc qua cơ sở khác) của '{facility}'.", $"On {day:yyyy-MM-dd} '{value}' is itself a satellite of '{facility}', directly or through others."));
        }

        return problems;
    }

    /// <summary><see cref="Check"/> must have found nothing.</summary>
    public static void State(RegistryDraft draft, string hierarchy, string facility, string parent, DateOnly from, DateOnly to) =>
        draft.Facilities.State(new Statement(facility, AspectOf(hierarchy), parent.Length == 0 ? null : ParentValue(hierarchy, parent), from, to));

    /// <summary>Everything that keeps an office from being stated. The field is office, name or above.</summary>
    public static IReadOnlyList<Problem> CheckOffice(RegistryDraft draft, string code, string name, string above, DateOnly from)
    {
        var problems = new List<Problem>();
        var id = OfficeId(code);
        if (code.Length == 0 || OfficeCode(id).Length > LongestOffice || !OfficeCode(id).All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            problems.Add(new Problem("office", $"'{Short(code)}' không phải mã cơ quan BHXH: 1 đến {LongestOffice} chữ, số hoặc gạch nối.", $"'{Short(code)}' is no office code: 1 to {LongestOffice} letters, digits or hyphens."));
        }

        if (name.Length is 0 or > 255)
        {
            problems.Add(new Problem("name", "Cần tên, tối đa 255 ký tự.", "A name of at most 255 characters is needed."));
        }

        if (above.Length > 0 && (OfficeId(above) == id || !draft.Units.Now(OfficeId(above), Aspects.Exists).Any(f => f.Holds(from)) || Above(draft, OfficeId(above), from).Contains(id)))
        {
            problems.Add(new Problem("above", $"'{Short(above)}' không phải cơ quan BHXH cấp trên ngày {from:dd/MM/yyyy}.", $"'{Short(above)}' is no office above this one on {from:yyyy-MM-dd}."));
        }

        return problems;
    }

    /// <summary>A new office since a day, or another name or place of one that is there.</summary>
    public static void StateOffice(RegistryDraft draft, string code, string name, string above, DateOnly from)
    {
        var id = OfficeId(code);
        if (!draft.Units.Now(id, Aspects.Exists).Any(f => f.Holds(from)))
        {
            draft.Units.State(Statement.Since(id, Aspects.Exists, "", from));
            draft.Units.State(Statement.Since(id, Aspects.Type, OfficeType, from));
        }

        draft.Units.State(Statement.Since(id, Aspects.Name, name, from));
        if (above.Length > 0)
        {
            draft.Units.State(Statement.Since(id, Aspects.Parent(Mach.Contracts.Registry.Hierarchies.Insurance), OfficeId(above), from));
        }
    }

    private static bool IsOpen(RegistryDraft draft, string facility, DateOnly date) => draft.Facilities.Now(facility, FacilityAspects.Open).Any(f => f.Holds(date));

    /// <summary>The first day of the period on which the new parent would be below its own satellite; null = none.</summary>
    private static DateOnly? Circle(RegistryDraft draft, string facility, string parent, DateOnly from, DateOnly to)
    {
        var days = new SortedSet<DateOnly> { from };
        for (var next = new Queue<string>([parent]); next.Count > 0 && days.Count < 1000;)
        {
            foreach (var link in draft.Facilities.Now(next.Dequeue(), FacilityAspects.Core).Where(f => f.Overlaps(from, to)))
            {
                if (link.From > from && days.Add(link.From))
                {
                    next.Enqueue(link.Value);
                }
                else if (link.From <= from && link.Value != facility)
                {
                    next.Enqueue(link.Value);
                }
            }
        }

        foreach (var day in days)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var at = parent; seen.Add(at) && draft.Facilities.Now(at, FacilityAspects.Core).FirstOrDefault(f => f.Holds(day)) is { } link; at = link.Value)
            {
                if (link.Value == facility)
                {
                    return day;
                }
            }
        }

        return null;
    }

    private static HashSet<string> Above(RegistryDraft draft, string office, DateOnly date)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = office; seen.Add(at) && draft.Units.Now(at, Aspects.Parent(Mach.Contracts.Registry.Hierarchies.Insurance)).FirstOrDefault(f => f.Holds(date)) is { } link; at = link.Value)
        {
        }

        return seen;
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
