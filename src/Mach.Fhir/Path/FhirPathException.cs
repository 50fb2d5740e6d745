namespace Mach.Fhir.Path;

/// <summary>An expression that is not FHIRPath, or one whose evaluation the specification ends with an error.</summary>
public sealed class FhirPathException : Exception
{
    public FhirPathException()
        : this("The expression cannot be evaluated.", -1)
    {
    }

    public FhirPathException(string message)
        : this(message, -1)
    {
    }

    public FhirPathException(string message, Exception innerException)
        : base(message, innerException)
    {
        Position = -1;
    }

    /// <param name="position">Characters before the place in the expression; -1 when no place is to blame.</param>
    public FhirPathException(string message, int position)
        : base(position < 0 ? message : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{message} (at {position})"))
    {
        Position = position;
    }

    public int Position { get; }
}
