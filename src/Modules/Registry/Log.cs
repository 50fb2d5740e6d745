using Microsoft.Extensions.Logging;

namespace Mach.Registry;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The registry's new day could not be published yet; it is tried again.")]
    public static partial void DayTurnWaits(this ILogger log, Exception e);
}
