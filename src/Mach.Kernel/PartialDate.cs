namespace Mach.Kernel;

/// <summary>A date known to the year, the month, the day, the minute or the second, in Vietnam's time (UTC+07:00) when it has a time.</summary>
public readonly record struct PartialDate
{
    /// <summary>1–9999.</summary>
    public int Year { get; init; }
    /// <summary>1–12, or 0 when unknown.</summary>
    public int Month { get; init; }
    /// <summary>1–31, or 0 when unknown.</summary>
    public int Day { get; init; }
    /// <summary>0–23, or -1 when unknown.</summary>
    public int Hour { get; init; }
    /// <summary>0–59, or -1 when unknown.</summary>
    public int Minute { get; init; }
    /// <summary>0–59, or -1 when unknown.</summary>
    public int Second { get; init; }

    /// <summary>First instant covered, UTC.</summary>
    public DateTimeOffset Low => throw new NotImplementedException();

    /// <summary>First instant after what is covered, UTC.</summary>
    public DateTimeOffset High => throw new NotImplementedException();

    /// <summary>FHIR R4 form: "1955", "1955-03", "1955-03-07", "2025-07-01T08:30:00+07:00".</summary>
    public override string ToString() => throw new NotImplementedException();

    /// <summary>Reads BHYT digits: yyyyMMdd, yyyyMMddHHmm, yyyyMMddHHmmss; zero month, day or time parts mean unknown (195500000000 → 1955). False when not a date.</summary>
    public static bool TryParseDigits(ReadOnlySpan<char> text, out PartialDate date) => throw new NotImplementedException();

    /// <summary>Reads a FHIR date, dateTime or instant.</summary>
    public static bool TryParseFhir(ReadOnlySpan<char> text, out PartialDate date) => throw new NotImplementedException();

    /// <summary>Reads what a person types: 120765, 12/7/65, 12-07-1965, 7/1965, 1965, 19650712. Two-digit years are the latest ones not after <paramref name="today"/>.</summary>
    public static bool TryParseTyped(ReadOnlySpan<char> text, DateOnly today, out PartialDate date) => throw new NotImplementedException();
}
