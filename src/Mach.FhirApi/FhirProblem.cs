namespace Mach.FhirApi;

/// <summary>One thing to say in an OperationOutcome.</summary>
/// <param name="Severity">fatal, error, warning or information.</param>
/// <param name="Code">Of http://hl7.org/fhir/R4/valueset-issue-type.html.</param>
/// <param name="Expression">FHIRPath of the element or name of the parameter it is about; null when it is about the whole request.</param>
internal sealed record OutcomeIssue(string Severity, string Code, string Diagnostics, string? Expression = null);

/// <summary>A request cannot be answered; becomes an OperationOutcome in <see cref="FhirRoute"/>.</summary>
/// <param name="status">HTTP status, 400–599.</param>
internal sealed class FhirProblem(int status, IReadOnlyList<OutcomeIssue> issues) : Exception(issues[0].Diagnostics)
{
    /// <param name="code">Of http://hl7.org/fhir/R4/valueset-issue-type.html.</param>
    /// <param name="expression">See <see cref="OutcomeIssue"/>.</param>
    public FhirProblem(int status, string code, string message, string? expression = null)
        : this(status, [new OutcomeIssue(status >= 500 ? "fatal" : "error", code, message, expression)])
    {
    }

    public int Status { get; } = status;
    public IReadOnlyList<OutcomeIssue> Issues { get; } = issues;

    /// <summary>The same problem, told of an entry of a Bundle: expressions begin there.</summary>
    public FhirProblem Within(string entry) =>
        new(Status, [.. Issues.Select(i => i with { Expression = i.Expression is null ? entry : $"{entry}.{i.Expression}" })]);
}
