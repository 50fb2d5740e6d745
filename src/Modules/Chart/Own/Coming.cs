using System.Text.Json;
using Mach.Chart.Reading;
using Mach.Kernel;
using Mach.Store;
using Mach.Ui;

namespace Mach.Chart.Own;

/// <summary>Something that a person is asked to come to: a follow-up slip (XML14) or an appointment of another program.</summary>
/// <param name="IsWholeDay">A day was named and no time.</param>
public sealed record Coming(PartialDate Start, bool IsWholeDay, string? What, string? Facility)
{
    /// <summary>Null for what is over, cancelled, or without a day.</summary>
    /// <param name="today">In Viet Nam.</param>
    internal static Coming? Read(JsonElement appointment, DateOnly today)
    {
        if (appointment.Text("status") is not ("booked" or "proposed" or "pending" or "arrived" or "checked-in") || appointment.Text("start").AsDate() is not { Day: > 0 } start || new DateOnly(start.Year, start.Month, start.Day) < today)
        {
            return null;
        }

        var end = appointment.Text("end").AsDate();
        var wholeDay = start is { Hour: <= 0, Minute: <= 0 } && (end is null || end is { Hour: 23, Minute: 59 });
        return new(start, wholeDay, appointment.Text("description") ?? appointment.First("serviceType").ConceptText() ?? appointment.First("reasonCode").ConceptText(), appointment.FacilityCode());
    }
}

/// <summary>Reads what is coming through the caller's sight.</summary>
internal sealed class ComingReader(RecordView store, TimeProvider clock)
{
    private const int Newest = 100, Most = 20;

    /// <summary>In Viet Nam.</summary>
    public DateOnly Today => Dates.Today(clock);

    /// <summary>The next first.</summary>
    /// <param name="persons">All records of the person.</param>
    public async Task<IReadOnlyList<Coming>> ReadAsync(IReadOnlyList<string> persons, CancellationToken ct)
    {
        var today = Today;
        return [.. Parsed.Select(await store.CompartmentAsync(persons, "Appointment", Newest, ct), (_, body) => Coming.Read(body, today)).OrderBy(c => c.Start.Low).ThenBy(c => c.Facility, StringComparer.Ordinal).Distinct().Take(Most)];
    }
}
