namespace Mach.Fhir.Validation;

/// <summary>How bad an issue is.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/valueset-issue-severity.html.</remarks>
public enum IssueSeverity
{
    Fatal,
    Error,
    Warning,
    Information,
}

/// <summary>One thing that is wrong with a resource.</summary>
/// <param name="Code">IssueType: structure (not the shape of FHIR JSON), required (missing), value (content of an element), invariant (a rule), processing (a rule that could not be evaluated), code-invalid (not in the required value set), too-long.</param>
/// <param name="Diagnostics">What is wrong, in words; it quotes names and codes, never the content of a person's data.</param>
/// <param name="Expression">Where, as simple FHIRPath: "Patient.name[0].given[1]". A missing element is named as if it were there.</param>
/// <param name="Key">Key of the rule that is broken: "obs-6".</param>
/// <remarks>Source: http://hl7.org/fhir/R4/operationoutcome.html and http://hl7.org/fhir/R4/valueset-issue-type.html.</remarks>
public sealed record Issue(IssueSeverity Severity, string Code, string Diagnostics, string Expression, string? Key = null)
{
    /// <summary>The code of a warning about a rule that could not be evaluated.</summary>
    public const string NotEvaluated = "processing";
}

/// <summary>What a validation is to do.</summary>
public sealed record ValidationOptions
{
    public static ValidationOptions Default { get; } = new();

    /// <summary>Looking ends when this many issues were found.</summary>
    public int MaxIssues { get; init; } = 100;

    /// <summary>Whether best practice (rules that warn) is looked at too.</summary>
    public bool Warnings { get; init; } = true;

    /// <summary>Whether a reference may be a search ("Patient?identifier=1"), which only a transaction resolves. Of Bundles those of type transaction always may, others never.</summary>
    public bool ReferencesBySearch { get; init; } = true;

    /// <summary>Whether the rules that are written in FHIRPath are evaluated; the structure and the rules about it always are.</summary>
    public bool Rules { get; init; } = true;
}
