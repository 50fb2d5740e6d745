namespace Mach.Access;

/// <summary>Instants as they are stored: microseconds since 1970-01-01 UTC.</summary>
internal static class Instants
{
    public static long ToUs(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromUs(long us) => new(DateTimeOffset.UnixEpoch.Ticks + (us * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
