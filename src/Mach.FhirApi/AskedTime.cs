using Mach.Kernel;

namespace Mach.FhirApi;

/// <summary>A time as a client names it: a year, month, day, minute or second, or a fraction of one. It means all of that time.</summary>
/// <param name="Low">First instant, UTC.</param>
/// <param name="High">First instant after it, UTC.</param>
internal readonly record struct AskedTime(DateTimeOffset Low, DateTimeOffset High)
{
    /// <summary>.NET counts in 100 ns.</summary>
    private const int MostDigits = 7;

    /// <param name="text">FHIR date, dateTime or instant; a blank stands for the "+" of a time zone that nobody escaped.</param>
    public static bool TryParse(string text, out AskedTime time)
    {
        text = text.Replace(' ', '+');
        if (!PartialDate.TryParseFhir(text, out var date))
        {
            time = default;
            return false;
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0 || date.Second < 0)
        {
            time = new AskedTime(date.Low, date.High);
            return true;
        }

        var (ticks, unit) = (0L, TimeSpan.TicksPerSecond);
        for (var i = point + 1; i < text.Length && i <= point + MostDigits && char.IsAsciiDigit(text[i]); i++)
        {
            unit /= 10;
            ticks += unit * (text[i] - '0');
        }

        var low = date.Low.AddTicks(ticks);
        time = new AskedTime(low, low.AddTicks(unit));
        return true;
    }
}
