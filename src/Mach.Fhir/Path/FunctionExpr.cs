namespace Mach.Fhir.Path;

/// <summary>How a function works: on a call it gives a collection.</summary>
internal delegate Values PathFunction(in Call call);

/// <summary>A function of the language.</summary>
/// <param name="Least">Arguments that it needs.</param>
/// <param name="Most">Arguments that it takes.</param>
internal sealed record FunctionEntry(PathFunction Run, int Least, int Most);

/// <summary>name(arguments).</summary>
internal sealed class FunctionExpr : Expr
{
    private readonly PathFunction _run;
    private readonly Expr[] _arguments;

    public FunctionExpr(PathFunction run, Expr[] arguments, int position)
        : base(position)
    {
        (_run, _arguments) = (run, arguments);
        foreach (var argument in arguments)
        {
            Depth = Math.Max(Depth, argument.Depth + 1);
        }
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        frame.Count(1);
        return _run(new Call(frame, focus, _arguments, Position));
    }
}

/// <summary>One call of a function.</summary>
internal readonly ref struct Call(Frame frame, Values focus, Expr[] arguments, int position)
{
    public Frame Frame => frame;

    /// <summary>What the function is applied to.</summary>
    public Values Focus => focus;

    public int Arguments => arguments.Length;

    public int Position => position;

    public FhirNode? Single => focus.Single(position);

    /// <summary>An argument that is applied to $this of the expression around the call.</summary>
    public Values Argument(int index) => arguments[index].Argument(frame);

    /// <summary>An argument as it stands, to be applied to each item.</summary>
    public Expr Lambda(int index) => arguments[index];

    /// <summary>The focus as one text; null when empty.</summary>
    /// <exception cref="FhirPathException">It is something else.</exception>
    public string? Text() => Text(Single);

    public string? Text(int argument) => Text(Argument(argument).Single(position));

    public int? Integer(int argument) => Argument(argument).Single(position) switch
    {
        null => null,
        { SystemValue: int value } => value,
        { SystemValue: null, IsPrimitive: true } => null,
        var other => throw Wrong("an Integer", other),
    };

    /// <summary>The focus as one number; null when empty.</summary>
    public decimal? Number() => Number(Single);

    public decimal? Number(int argument) => Number(Argument(argument).Single(position));

    /// <summary>Sets $this and $index to an item and applies an argument to it.</summary>
    public Values Apply(int argument, FhirNode item, int index)
    {
        (frame.This, frame.Index) = (new Values(item), index);
        return arguments[argument].Evaluate(frame, frame.This);
    }

    public static Values Of(object? value) => value is null ? default : new Values(FhirNode.OfSystem(value));

    public FhirPathException Wrong(string expected, FhirNode found) => new($"{expected} is expected here, not {Comparison.Name(found)}.", position);

    private string? Text(FhirNode? node) => node switch
    {
        null => null,
        { SystemValue: string value } => value,
        { SystemValue: null, IsPrimitive: true } => null,
        _ => throw Wrong("A String", node),
    };

    private decimal? Number(FhirNode? node) => node is null || (node.SystemValue is null && node.IsPrimitive) ? null
        : Numbers.TryDecimal(node.SystemValue, out var value) ? value
        : throw Wrong("A number", node);
}
