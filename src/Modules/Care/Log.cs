using Microsoft.Extensions.Logging;

namespace Mach.Care;

internal static partial class Log
{
    [LoggerMessage(4200, LogLevel.Warning, "Labelling notes by their visits stopped where it was; it tries again.")]
    public static partial void LabelsWait(this ILogger logger, Exception e);
}
