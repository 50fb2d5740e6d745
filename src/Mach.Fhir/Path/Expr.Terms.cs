namespace Mach.Fhir.Path;

/// <summary>A literal, or a variable that is known when the expression is compiled.</summary>
internal sealed class LiteralExpr(Values value, int position) : Expr(position)
{
    public Values Value => value;

    public override Values Evaluate(Frame frame, in Values focus) => value;
}

/// <summary>$this, $index, $total.</summary>
internal sealed class SpecialExpr(string name, int position) : Expr(position)
{
    public override Values Evaluate(Frame frame, in Values focus) => name switch
    {
        "this" => frame.This,
        "index" => frame.Index >= 0 ? new Values(FhirNode.OfSystem(frame.Index)) : default,
        _ => frame.Total,
    };
}

/// <summary>%name, for names that depend on the evaluation.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#environment-variables, http://hl7.org/fhir/R4/fhirpath.html#variables.</remarks>
internal sealed class VariableExpr(string name, int position) : Expr(position)
{
    public override Values Evaluate(Frame frame, in Values focus)
    {
        switch (name)
        {
            case "context":
                return new Values(frame.Focus);
            case "resource":
                return new Values(frame.Resource);
            case "rootResource":
                return new Values(frame.RootResource);
            default:
                return frame.Context.Variables.TryGetValue(name, out var values)
                    ? Values.Of([.. values])
                    : throw new FhirPathException($"There is no variable %{name}.", Position);
        }
    }

    /// <summary>The value of a variable that never changes; null when it is no such variable.</summary>
    public static string? Constant(string name) => name switch
    {
        "ucum" => "http://unitsofmeasure.org",
        "sct" => "http://snomed.info/sct",
        "loinc" => "http://loinc.org",
        _ when name.StartsWith("vs-", StringComparison.Ordinal) => "http://hl7.org/fhir/ValueSet/" + name[3..],
        _ when name.StartsWith("ext-", StringComparison.Ordinal) => "http://hl7.org/fhir/StructureDefinition/" + name[4..],
        _ => null,
    };
}

/// <summary>left.right</summary>
internal sealed class DotExpr : Expr
{
    private readonly Expr _left;
    private readonly Expr _right;

    public DotExpr(Expr left, Expr right)
        : base(right.Position)
    {
        (_left, _right) = (left, right);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus) => _right.Evaluate(frame, _left.Evaluate(frame, focus));

    public override bool? Truth(Frame frame, in Values focus) => _right.Truth(frame, _left.Evaluate(frame, focus));

    public override int Count(Frame frame, in Values focus) => _right.Count(frame, _left.Evaluate(frame, focus));

    public override bool Any(Frame frame, in Values focus) => _right.Any(frame, _left.Evaluate(frame, focus));
}

/// <summary>What the functions of a dot are applied to, where the parser has folded the dot away.</summary>
internal sealed class FocusExpr(int position) : Expr(position)
{
    public override Values Evaluate(Frame frame, in Values focus) => focus;
}

/// <summary>left[index]</summary>
internal sealed class IndexExpr : Expr
{
    private readonly Expr _left;
    private readonly Expr _index;

    public IndexExpr(Expr left, Expr index, int position)
        : base(position)
    {
        (_left, _index) = (left, index);
        Depth = Math.Max(left.Depth, index.Depth) + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        var values = _left.Evaluate(frame, focus);
        return _index.Argument(frame).Single(Position) switch
        {
            null => default,
            { SystemValue: int index } => index >= 0 && index < values.Count ? new Values(values[index]) : default,
            _ => throw new FhirPathException("An index is an Integer.", Position),
        };
    }
}
