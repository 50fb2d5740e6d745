using Microsoft.Extensions.Logging;

namespace Mach.Indicators;

internal static partial class Log
{
    [LoggerMessage(EventId = 4700, Level = LogLevel.Warning, Message = "Counting stopped where it was; it tries again by itself.")]
    public static partial void CountingWaits(this ILogger log, Exception reason);

    [LoggerMessage(EventId = 4701, Level = LogLevel.Error, Message = "The recount of {Cells} cells found {Drift} that do not agree with the record: {Said}")]
    public static partial void CubeDrifts(this ILogger log, long cells, long drift, string said);

    [LoggerMessage(EventId = 4702, Level = LogLevel.Warning, Message = "Checking the numbers failed; it is tried again in ten minutes.")]
    public static partial void CheckingWaits(this ILogger log, Exception reason);
}
