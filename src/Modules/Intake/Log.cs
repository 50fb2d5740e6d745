using Microsoft.Extensions.Logging;

namespace Mach.Intake;

/// <summary>What the intake says to the operator; never who a dossier is about.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "Receipt {Receipt} was interrupted; sending the envelope again completes it.")]
    public static partial void Interrupted(ILogger logger, string receipt, Exception exception);

    [LoggerMessage(3002, LogLevel.Warning, "The store takes nothing now; a sender was told to come back later.")]
    public static partial void Unavailable(ILogger logger, Exception exception);
}
