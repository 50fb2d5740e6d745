namespace Mach.FhirApi;

/// <summary>A request cannot be answered; becomes an OperationOutcome in <see cref="FhirRoute"/>.</summary>
/// <param name="status">HTTP status, 400–599.</param>
/// <param name="code">Of http://hl7.org/fhir/R4/valueset-issue-type.html.</param>
/// <param name="expression">FHIRPath of the element or name of the parameter it is about; null when it is about the whole request.</param>
internal sealed class FhirProblem(int status, string code, string message, string? expression = null) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
    public string? Expression { get; } = expression;
}
