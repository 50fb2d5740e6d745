namespace Mach.Server;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Error, "What is stored could not be sealed anew; it is tried again in a few minutes.")]
    public static partial void NotSealed(ILogger logger, Exception reason);

    [LoggerMessage(4002, LogLevel.Warning, "The clock of this machine is not synchronized: instants in the record and in the audit trail may be wrong. Start chrony, ntpd or systemd-timesyncd.")]
    public static partial void ClockAdrift(this ILogger logger);

    [LoggerMessage(4003, LogLevel.Warning, "The clock of this machine is synchronized again.")]
    public static partial void ClockRight(this ILogger logger);
}
