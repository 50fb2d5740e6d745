using Microsoft.Extensions.Logging;

namespace Mach.FhirApi;

/// <summary>What this room logs; never an address with its parameters, which may hold names and numbers of people.</summary>
internal static partial class Log
{
    /// <param name="rule">Key of a rule of R4, with its type: "Observation obs-7".</param>
    [LoggerMessage(3002, LogLevel.Warning, "A rule could not be evaluated for a resource that was written: {Rule}. {Why}")]
    public static partial void RuleNotEvaluated(this ILogger logger, string rule, string why);

    [LoggerMessage(3001, LogLevel.Error, "A FHIR request failed ({Correlation})")]
    public static partial void FhirFailed(this ILogger logger, Exception error, string correlation);
}
