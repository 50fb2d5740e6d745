using System.Text.Json;
using Mach.Fhir.Consents;
using Mach.Fhir.Validation;
using Mach.FhirApi.Bodies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mach.FhirApi.Writing;

/// <summary>The one door through which what is written over the API is validated.</summary>
internal static class Validity
{
    /// <summary>More issues than this help nobody.</summary>
    private const int MaxIssues = 100;

    /// <summary>A write asks what must be right; best practice is for $validate.</summary>
    private static readonly ValidationOptions Alone = new() { MaxIssues = MaxIssues, Warnings = false, ReferencesBySearch = false };

    /// <summary>In a transaction, what a search in a reference finds is put in its place.</summary>
    private static readonly ValidationOptions InTransaction = Alone with { ReferencesBySearch = true };

    /// <summary>Adds what is wrong with a resource.</summary>
    /// <param name="place">Where the entry stands in a transaction; null when the resource is the whole request, as each entry of a batch is.</param>
    public static void Check(FhirCall call, JsonElement resource, string? place, ref List<OutcomeIssue>? issues)
    {
        foreach (var issue in ResourceValidator.Validate(resource, place is null ? Alone : InTransaction))
        {
            if (issue.Code == Issue.NotEvaluated)
            {
                call.Context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Validity)).RuleNotEvaluated($"{JsonBody.TypeOf(resource)} {issue.Key}", issue.Diagnostics);
            }

            if (issue.Severity is IssueSeverity.Error or IssueSeverity.Fatal && (issues ??= []).Count < MaxIssues)
            {
                issues.Add(new OutcomeIssue(
                    issue.Severity == IssueSeverity.Fatal ? "fatal" : "error",
                    issue.Code,
                    issue.Diagnostics,
                    place is null ? issue.Expression : Within(place, issue.Expression)));
            }
        }

        if (issues is null && JsonBody.TypeOf(resource) == "Consent")
        {
            CheckConsent(resource, place, ref issues);
        }
    }

    /// <summary>A decision that could not be enforced as it is written is not taken: nobody would know that it does not hold.</summary>
    private static void CheckConsent(JsonElement resource, string? place, ref List<OutcomeIssue>? issues)
    {
        foreach (var finding in ConsentReader.Check(resource))
        {
            if ((issues ??= []).Count < MaxIssues)
            {
                issues.Add(new OutcomeIssue("error", "business-rule", $"This decision could not be enforced: {finding.What}.", place is null ? finding.Expression : Within(place, finding.Expression)));
            }
        }
    }

    /// <summary>"Bundle.entry[0].resource.name[1]" of "Patient.name[1]".</summary>
    private static string Within(string place, string expression)
    {
        var end = expression.IndexOfAny(['.', '[']);
        return place + ".resource" + (end < 0 ? "" : expression[end..]);
    }
}
