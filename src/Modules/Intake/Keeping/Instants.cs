namespace Mach.Intake.Keeping;

/// <summary>Instants as microseconds UTC since 1970, as they stand in tables.</summary>
internal static class Instants
{
    private static readonly TimeSpan Vietnam = TimeSpan.FromHours(7);

    public static long Us(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);

    /// <summary>The day in Vietnam.</summary>
    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Vietnam).DateTime);

    /// <summary>dd/MM/yyyy HH:mm in Vietnam.</summary>
    public static string Show(long us) => At(us).ToOffset(Vietnam).ToString("dd/MM/yyyy HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
