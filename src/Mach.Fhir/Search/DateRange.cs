using System.Text.Json;
using Mach.Kernel;

namespace Mach.Fhir.Search;

/// <summary>The instants that a date, dateTime, instant or Period covers, UTC microseconds.</summary>
/// <param name="Low">First instant; <see cref="Earliest"/> when open.</param>
/// <param name="High">First instant after; <see cref="Latest"/> when open.</param>
internal readonly record struct DateRange(long Low, long High)
{
    /// <summary>Start of the year 1 and end of the year 9999, UTC, with a day to spare for offsets.</summary>
    public const long Earliest = -62_135_683_200_000_000, Latest = 253_402_387_200_000_000;

    public static bool TryParse(ReadOnlySpan<char> text, out DateRange range)
    {
        if (!PartialDate.TryParseFhir(text, out var date))
        {
            range = default;
            return false;
        }

        range = new DateRange(Microseconds(date.Low), Microseconds(date.High));
        return true;
    }

    /// <summary>A string (date, dateTime, instant) or a Period with at least one end; false for anything else and for text that is no date.</summary>
    public static bool TryRead(JsonElement element, out DateRange range)
    {
        range = default;
        if (element.ValueKind == JsonValueKind.String)
        {
            return TryParse(element.GetString(), out range);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        if (element.TryGetProperty("event"u8, out _) || element.TryGetProperty("repeat"u8, out _))
        {
            return TryTiming(element, out range);
        }

        var start = ReadEnd(element, "start"u8, out var from);
        var end = ReadEnd(element, "end"u8, out var to);
        range = new DateRange(start ? from.Low : Earliest, end ? to.High : Latest);
        // An end before the start is a mistake of the sender: the start alone is believed.
        if (start && end && range.High <= range.Low)
        {
            range = from;
        }

        return start || end;
    }

    /// <summary>A Timing: from its first to its last event, and what its repetition is bounded by.</summary>
    private static bool TryTiming(JsonElement timing, out DateRange range)
    {
        var (low, high) = (Latest, Earliest);
        if (timing.TryGetProperty("event"u8, out var events) && events.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in events.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String && TryParse(item.GetString(), out var one))
                {
                    (low, high) = (Math.Min(low, one.Low), Math.Max(high, one.High));
                }
            }
        }

        if (timing.TryGetProperty("repeat"u8, out var repeat) && repeat.ValueKind == JsonValueKind.Object
            && repeat.TryGetProperty("boundsPeriod"u8, out var bounds) && bounds.ValueKind == JsonValueKind.Object && TryRead(bounds, out var bounded))
        {
            (low, high) = (Math.Min(low, bounded.Low), Math.Max(high, bounded.High));
        }

        range = new DateRange(low, high);
        return low < high;
    }

    public static long Microseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static bool ReadEnd(JsonElement period, ReadOnlySpan<byte> name, out DateRange range)
    {
        range = default;
        return period.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && TryParse(value.GetString(), out range);
    }
}
