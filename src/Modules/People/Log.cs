using Microsoft.Extensions.Logging;

namespace Mach.People;

internal static partial class Log
{
    [LoggerMessage(EventId = 4100, Level = LogLevel.Warning, Message = "Looking for doubles and families stopped where it was; it tries again by itself.")]
    public static partial void SweepWaits(this ILogger log, Exception reason);
}
