namespace Mach.Access.Programs;

/// <summary>What a program is opened for.</summary>
/// <param name="Patient">Patient id; null = nobody in particular.</param>
/// <param name="Encounter">Encounter id, of that patient.</param>
public sealed record LaunchContext(string? Patient = null, string? Encounter = null)
{
    public static readonly LaunchContext None = new();

    /// <summary>True when both can be ids of the record (http://hl7.org/fhir/R4/datatypes.html#id).</summary>
    internal bool IsFine => IsId(Patient) && IsId(Encounter);

    private static bool IsId(string? id) => id is null || (id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'));
}
