using Microsoft.Extensions.Logging;

namespace Mach.Access;

/// <summary>What this room logs; never a name, a password, a token or a person's id.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "A {Action} was refused: wrong name, password or secret")]
    public static partial void SignInFailed(this ILogger logger, string action);

    [LoggerMessage(2002, LogLevel.Warning, "The access log could not be written for a refused request")]
    public static partial void AccessLogFailed(this ILogger logger, Exception error);

    [LoggerMessage(2003, LogLevel.Error, "The database cannot be reached: the request was answered with 503")]
    public static partial void DatabaseGone(this ILogger logger, Exception error);
}
