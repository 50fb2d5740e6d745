using System.Collections.Concurrent;

namespace Mach.Fhir.Path;

/// <summary>A compiled FHIRPath expression. It may be used by several threads at once.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/ and, for what FHIR adds, http://hl7.org/fhir/R4/fhirpath.html.</remarks>
public sealed class FhirPath
{
    /// <summary>Characters. The longest expression of the specification has about 2,500.</summary>
    private const int MaxLength = 20_000;

    /// <summary>Rules and search parameters are about 2,000 expressions; strange ones beyond this many are compiled each time.</summary>
    private const int MaxKnown = 4096;

    private static readonly ConcurrentDictionary<string, FhirPath> Known = new(StringComparer.Ordinal);

    private readonly Expr _root;

    private FhirPath(string expression, Expr root)
    {
        Expression = expression;
        _root = root;
    }

    public string Expression { get; }

    /// <exception cref="FhirPathException">The text is not FHIRPath, is too long or too deep, or names a function or type that does not exist.</exception>
    public static FhirPath Compile(string expression)
    {
        if (expression.Length > MaxLength)
        {
            throw new FhirPathException("The expression is too long.", MaxLength);
        }

        return new FhirPath(expression, Parser.Parse(Lexer.Read(expression)));
    }

    /// <summary>As <see cref="Compile"/>, and remembers it.</summary>
    /// <exception cref="FhirPathException">As for <see cref="Compile"/>.</exception>
    public static FhirPath Get(string expression)
    {
        if (Known.TryGetValue(expression, out var known))
        {
            return known;
        }

        var compiled = Compile(expression);
        return Known.Count < MaxKnown ? Known.GetOrAdd(expression, compiled) : compiled;
    }

    /// <summary>The items that the expression selects or makes, in order.</summary>
    /// <exception cref="FhirPathException">The specification ends this evaluation with an error, or it would take too much.</exception>
    public IReadOnlyList<FhirNode> Evaluate(FhirNode focus, FhirPathContext? context = null)
    {
        try
        {
            return _root.Evaluate(new Frame(context ?? FhirPathContext.Empty, focus), new Values(focus)).ToList();
        }
        catch (InvalidOperationException e) when (e.TargetSite?.DeclaringType?.Assembly == typeof(System.Text.Json.JsonElement).Assembly)
        {
            throw BadText(e);
        }
    }

    /// <summary>Whether the expression, as a rule, holds: true, or empty. A rule that finds nothing to judge breaks nothing.</summary>
    /// <remarks>
    /// Source: http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections. FHIR says only that a rule must be true; as HL7's own tools
    /// write rules, empty comes from elements that are not there, so it is taken for true. A single item that is no Boolean is true.
    /// </remarks>
    /// <exception cref="FhirPathException">As for <see cref="Evaluate"/>, or the result is several items.</exception>
    public bool IsTrue(FhirNode focus, FhirPathContext? context = null)
    {
        try
        {
            return _root.Truth(new Frame(context ?? FhirPathContext.Empty, focus), new Values(focus)) ?? true;
        }
        catch (InvalidOperationException e) when (e.TargetSite?.DeclaringType?.Assembly == typeof(System.Text.Json.JsonElement).Assembly)
        {
            throw BadText(e);
        }
    }

    public override string ToString() => Expression;

    /// <summary>JSON's grammar lets half a surrogate pair through, and the reader finds out when the text is read.</summary>
    private static FhirPathException BadText(InvalidOperationException e) => new("A text is not Unicode: " + e.Message, e);
}
