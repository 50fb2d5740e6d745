namespace Mach.Indicators;

/// <summary>Instants as they are kept: microseconds since 1970, UTC.</summary>
internal static class Instants
{
    public static long ToMicroseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long us) => new(DateTimeOffset.UnixEpoch.Ticks + (us * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
