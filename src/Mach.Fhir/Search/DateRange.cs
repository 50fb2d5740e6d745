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

    public static long Microseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static bool ReadEnd(JsonElement period, ReadOnlySpan<byte> name, out DateRange range)
    {
        range = default;
        return period.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && TryParse(value.GetString(), out range);
    }
}
