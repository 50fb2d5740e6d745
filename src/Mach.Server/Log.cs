namespace Mach.Server;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Error, "What is stored could not be sealed anew; it is tried again in a few minutes.")]
    public static partial void NotSealed(ILogger logger, Exception reason);
}
