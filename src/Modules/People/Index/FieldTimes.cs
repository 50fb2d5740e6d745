using System.Globalization;
using Mach.Kernel;

namespace Mach.People.Index;

/// <summary>When each part of a golden view was last known to be true: minutes since 1970 UTC, 0 = never.</summary>
internal readonly record struct FieldTimes(long Name, long Gender, long Birth, long Phone, long Address, long Codes)
{
    private static readonly long MinutesTo1970 = DateTimeOffset.UnixEpoch.UtcTicks / TimeSpan.TicksPerMinute;

    /// <summary>The start of what a partial date covers; 0 when there is none.</summary>
    public static long Minutes(PartialDate? date) => date is { } d ? Minutes(d.Low) : 0;

    public static long Minutes(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute - MinutesTo1970;

    public override string ToString() =>
        Name == Gender && Name == Birth && Name == Phone && Name == Address && Name == Codes
            ? Name.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Name} {Gender} {Birth} {Phone} {Address} {Codes}");

    public static FieldTimes Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return default;
        }

        var parts = text.Split(' ');
        long At(int index) => long.Parse(parts[parts.Length == 1 ? 0 : index], CultureInfo.InvariantCulture);
        return new FieldTimes(At(0), At(1), At(2), At(3), At(4), At(5));
    }
}
