namespace Mach.Fhir.Path;

/// <summary>= and !=.</summary>
internal sealed class EqualExpr : TruthExpr
{
    private readonly Expr _left;
    private readonly Expr _right;
    private readonly bool _expected;

    public EqualExpr(Expr left, Expr right, bool expected, int position)
        : base(position)
    {
        (_left, _right, _expected) = (left, right, expected);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override bool? Truth(Frame frame, in Values focus) =>
        Equality.Equal(_left.Evaluate(frame, focus), _right.Evaluate(frame, focus), frame) is { } equal ? equal == _expected : null;
}

/// <summary>~ and !~.</summary>
internal sealed class EquivalentExpr : TruthExpr
{
    private readonly Expr _left;
    private readonly Expr _right;
    private readonly bool _expected;

    public EquivalentExpr(Expr left, Expr right, bool expected, int position)
        : base(position)
    {
        (_left, _right, _expected) = (left, right, expected);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override bool? Truth(Frame frame, in Values focus) =>
        Equivalence.Equivalent(_left.Evaluate(frame, focus), _right.Evaluate(frame, focus), frame) == _expected;
}

/// <summary>&lt;, &lt;=, &gt;, &gt;=.</summary>
internal sealed class CompareExpr : TruthExpr
{
    private readonly Expr _left;
    private readonly Expr _right;
    private readonly string _operation;

    public CompareExpr(string operation, Expr left, Expr right, int position)
        : base(position)
    {
        (_left, _right, _operation) = (left, right, operation);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override bool? Truth(Frame frame, in Values focus) =>
        Comparison.Compare(_left.Evaluate(frame, focus), _right.Evaluate(frame, focus), frame, Position) is not { } order ? null
        : _operation switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
}

/// <summary>item in collection; contains is the same turned round.</summary>
internal sealed class InExpr : TruthExpr
{
    private readonly Expr _item;
    private readonly Expr _collection;

    public InExpr(Expr item, Expr collection, int position)
        : base(position)
    {
        (_item, _collection) = (item, collection);
        Depth = Math.Max(item.Depth, collection.Depth) + 1;
    }

    public override bool? Truth(Frame frame, in Values focus)
    {
        if (_item.Evaluate(frame, focus).Single(Position) is not { } item)
        {
            return null;
        }

        var values = _collection.Evaluate(frame, focus);
        frame.Count(values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            if (Equality.Equal(item, values[i], frame.Context.Offset) == true)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>left | right.</summary>
internal sealed class UnionExpr : Expr
{
    private readonly Expr _left;
    private readonly Expr _right;

    public UnionExpr(Expr left, Expr right, int position)
        : base(position)
    {
        (_left, _right) = (left, right);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        var union = new NodeSet(frame);
        union.AddAll(_left.Evaluate(frame, focus));
        union.AddAll(_right.Evaluate(frame, focus));
        return union.ToValues();
    }

    public override bool Any(Frame frame, in Values focus) => _left.Any(frame, focus) || _right.Any(frame, focus);
}

/// <summary>+ - * / div mod.</summary>
internal sealed class ArithmeticExpr : Expr
{
    private readonly Expr _left;
    private readonly Expr _right;
    private readonly string _operation;

    public ArithmeticExpr(string operation, Expr left, Expr right, int position)
        : base(position)
    {
        (_left, _right, _operation) = (left, right, operation);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        var (left, right) = (_left.Evaluate(frame, focus).Single(Position), _right.Evaluate(frame, focus).Single(Position));
        if (left is null || right is null)
        {
            return default;
        }

        frame.Count(1);
        var (a, b) = (left.SystemValue, right.SystemValue);
        if (a is null || b is null)
        {
            return (left.IsPrimitive || left.IsQuantity) && (right.IsPrimitive || right.IsQuantity) ? default : throw new FhirPathException($"{_operation} is not defined for {Comparison.Name(left)} and {Comparison.Name(right)}.", Position);
        }

        return Arithmetic.Apply(_operation, a, b, frame, Position) is { } result ? new Values(FhirNode.OfSystem(result)) : default;
    }
}

/// <summary>Text &amp; text: what is empty counts as "".</summary>
internal sealed class ConcatenateExpr : Expr
{
    private readonly Expr _left;
    private readonly Expr _right;

    public ConcatenateExpr(Expr left, Expr right, int position)
        : base(position)
    {
        (_left, _right) = (left, right);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus) =>
        new(FhirNode.OfSystem(Arithmetic.Concatenate(Text(_left.Evaluate(frame, focus)), Text(_right.Evaluate(frame, focus)), frame)));

    private string Text(in Values values) => values.Single(Position) switch
    {
        null => "",
        { SystemValue: string text } => text,
        { SystemValue: null, IsPrimitive: true } => "",
        var other => throw new FhirPathException("& joins texts, not " + Comparison.Name(other) + ".", Position),
    };
}

/// <summary>-value and +value.</summary>
internal sealed class SignExpr : Expr
{
    private readonly Expr _operand;
    private readonly bool _isMinus;

    public SignExpr(Expr operand, bool isMinus, int position)
        : base(position)
    {
        (_operand, _isMinus) = (operand, isMinus);
        Depth = operand.Depth + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        if (_operand.Evaluate(frame, focus).Single(Position) is not { } node)
        {
            return default;
        }

        object? value = node.SystemValue switch
        {
            int i => !_isMinus ? i : i == int.MinValue ? null : -i,
            decimal d => _isMinus ? -d : d,
            PathQuantity q => _isMinus ? q with { Value = -q.Value } : q,
            _ => throw new FhirPathException("A sign belongs before a number.", Position),
        };
        return value is null ? default : new Values(FhirNode.OfSystem(value));
    }
}

/// <summary>is type.</summary>
internal sealed class IsExpr : TruthExpr
{
    private readonly Expr _operand;
    private readonly TypeSpecifier _type;

    public IsExpr(Expr operand, TypeSpecifier type, int position)
        : base(position)
    {
        (_operand, _type) = (operand, type);
        Depth = operand.Depth + 1;
    }

    public override bool? Truth(Frame frame, in Values focus) => _operand.Evaluate(frame, focus).Single(Position) is { } node ? _type.Matches(node) : null;
}

/// <summary>as type, and ofType(type). R4's own expressions apply "as" to collections, so it filters as ofType does.</summary>
internal sealed class OfTypeExpr : Expr
{
    private readonly Expr _operand;
    private readonly TypeSpecifier _type;

    public OfTypeExpr(Expr operand, TypeSpecifier type, int position)
        : base(position)
    {
        (_operand, _type) = (operand, type);
        Depth = operand.Depth + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        var values = _operand.Evaluate(frame, focus);
        var found = new ValuesBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            if (_type.Matches(values[i]))
            {
                found.Add(values[i]);
            }
        }

        frame.Count(1 + values.Count);
        return found.ToValues();
    }
}
