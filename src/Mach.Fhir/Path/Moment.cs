using System.Globalization;

namespace Mach.Fhir.Path;

/// <summary>The three System types of time.</summary>
public enum MomentKind
{
    Date,
    DateTime,
    Time,
}

/// <summary>How much of a moment is known. Seconds and their fractions are one precision.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#equality, "seconds and milliseconds are considered a single precision".</remarks>
public enum MomentPrecision
{
    Year = 1,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// <summary>A System.Date, System.DateTime or System.Time, known to some precision.</summary>
/// <param name="Local">On the clock where it was written; unknown parts are at their least. A time stands on 0001-01-01.</param>
/// <param name="FractionDigits">Digits of the second that were written.</param>
/// <param name="Offset">From UTC; null when none was written.</param>
public sealed partial record Moment(MomentKind Kind, MomentPrecision Precision, DateTime Local, int FractionDigits, TimeSpan? Offset)
{
    /// <summary>As FHIR writes it: "2015-02", "2015-02-04T14:34:28.123+07:00", "14:34".</summary>
    public override string ToString()
    {
        var culture = CultureInfo.InvariantCulture;
        var format = Precision switch
        {
            MomentPrecision.Year => "yyyy",
            MomentPrecision.Month => "yyyy-MM",
            MomentPrecision.Day => "yyyy-MM-dd",
            MomentPrecision.Hour => "yyyy-MM-ddTHH",
            MomentPrecision.Minute => "yyyy-MM-ddTHH:mm",
            _ when FractionDigits == 0 => "yyyy-MM-ddTHH:mm:ss",
            _ => "yyyy-MM-ddTHH:mm:ss." + new string('f', Math.Min(FractionDigits, 7)),
        };

        var text = Local.ToString(Kind == MomentKind.Time ? format[11..] : format, culture);
        return Offset is not { } offset ? text
            : offset == TimeSpan.Zero ? text + "Z"
            : text + (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", culture);
    }

    /// <summary>Below zero when the left one is earlier; null when their precision does not tell.</summary>
    /// <param name="offset">Of date-times that have none.</param>
    /// <exception cref="FhirPathException">A time and a date are compared.</exception>
    /// <remarks>Source: http://hl7.org/fhirpath/N1/#comparison: part by part, until one is unknown.</remarks>
    internal static int? Compare(Moment left, Moment right, TimeSpan offset)
    {
        if ((left.Kind == MomentKind.Time) != (right.Kind == MomentKind.Time))
        {
            throw new FhirPathException("A time and a date cannot be compared.");
        }

        var (a, b) = left.Offset == right.Offset ? (left.Local, right.Local) : (left.At(offset), right.At(offset));
        for (var part = MomentPrecision.Year; part <= MomentPrecision.Second; part++)
        {
            if (part > left.Precision || part > right.Precision)
            {
                return left.Precision == right.Precision ? 0 : null;
            }

            var order = Part(a, part).CompareTo(Part(b, part));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>On a clock with another offset. Dates stay what they are: no clock moves them.</summary>
    private DateTime At(TimeSpan offset)
    {
        if (Precision < MomentPrecision.Hour || Kind == MomentKind.Time)
        {
            return Local;
        }

        var ticks = Local.Ticks - (Offset ?? offset).Ticks + offset.Ticks;
        return new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks));
    }

    private static long Part(DateTime time, MomentPrecision part) => part switch
    {
        MomentPrecision.Year => time.Year,
        MomentPrecision.Month => time.Month,
        MomentPrecision.Day => time.Day,
        MomentPrecision.Hour => time.Hour,
        MomentPrecision.Minute => time.Minute,
        _ => time.Ticks % TimeSpan.TicksPerMinute,
    };
}
