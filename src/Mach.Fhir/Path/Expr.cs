namespace Mach.Fhir.Path;

/// <summary>A part of a compiled expression. It keeps no state of an evaluation, so it serves all threads.</summary>
/// <param name="position">In the text of the expression.</param>
internal abstract class Expr(int position)
{
    public int Position => position;

    /// <summary>Levels below this one; the parser bounds it, because evaluation goes as deep.</summary>
    public int Depth { get; protected init; } = 1;

    /// <param name="focus">What the part is applied to: what stands before its dot, else $this.</param>
    public abstract Values Evaluate(Frame frame, in Values focus);

    /// <summary>As a condition: null when empty; a single item that is no Boolean is true.</summary>
    /// <remarks>Source: http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections.</remarks>
    public virtual bool? Truth(Frame frame, in Values focus) => Truth(Evaluate(frame, focus));

    public virtual int Count(Frame frame, in Values focus) => Evaluate(frame, focus).Count;

    public virtual bool Any(Frame frame, in Values focus) => !Evaluate(frame, focus).IsEmpty;

    /// <summary>As an argument: applied to $this, whatever the function is applied to.</summary>
    public Values Argument(Frame frame) => Evaluate(frame, frame.This);

    protected bool? Truth(in Values values) => values.Single(position) switch
    {
        null => null,
        { SystemValue: bool value } => value,
        { Type.Name: "boolean" } => null,
        _ => true,
    };
}

/// <summary>A part that is true, false or empty.</summary>
internal abstract class TruthExpr(int position) : Expr(position)
{
    public abstract override bool? Truth(Frame frame, in Values focus);

    public override Values Evaluate(Frame frame, in Values focus) => Truth(frame, focus) switch { null => default, true => new Values(FhirNode.True), false => new Values(FhirNode.False) };

    public override int Count(Frame frame, in Values focus) => Truth(frame, focus) is null ? 0 : 1;

    public override bool Any(Frame frame, in Values focus) => Truth(frame, focus) is not null;
}
