using Microsoft.Extensions.Logging;

namespace Mach.Access;

/// <summary>What this room logs; never a name, a password, a token or a person's id.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "A {Action} was refused: wrong name, password or secret")]
    public static partial void SignInFailed(this ILogger logger, string action);

    [LoggerMessage(2002, LogLevel.Warning, "The access log could not be written for a refused request")]
    public static partial void AccessLogFailed(this ILogger logger, Exception error);

    [LoggerMessage(2004, LogLevel.Error, "The audit trail cannot be written: the request was answered with 503")]
    public static partial void AuditGone(this ILogger logger, Exception error);

    [LoggerMessage(2005, LogLevel.Warning, "Audit lines could not be moved into the tables; they wait in the spool")]
    public static partial void AuditMoveFailed(this ILogger logger, Exception error);

    [LoggerMessage(2006, LogLevel.Error, "The audit chain {Chain} of the data folder is behind the database; a new chain begins")]
    public static partial void AuditChainBehind(this ILogger logger, string chain);

    [LoggerMessage(2007, LogLevel.Warning, "Audit lines could not be judged; the next step tries again")]
    public static partial void LookWatchFailed(this ILogger logger, Exception error);

    [LoggerMessage(2003, LogLevel.Error, "The database cannot be reached: the request was answered with 503")]
    public static partial void DatabaseGone(this ILogger logger, Exception error);
}
