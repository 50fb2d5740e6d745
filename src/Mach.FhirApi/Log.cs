using Microsoft.Extensions.Logging;

namespace Mach.FhirApi;

/// <summary>What this room logs; never an address with its parameters, which may hold names and numbers of people.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "A FHIR request failed ({Correlation})")]
    public static partial void FhirFailed(this ILogger logger, Exception error, string correlation);
}
