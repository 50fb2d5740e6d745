namespace Mach.People;

/// <summary>Instants as microseconds UTC since 1970, as they stand in tables.</summary>
internal static class Instants
{
    public static long Us(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond);
}
