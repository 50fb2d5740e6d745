namespace Mach.Fhir.Path;

internal enum Logic
{
    And,
    Or,
    Xor,
    Implies,
}

/// <summary>and, or, xor, implies with three values: true, false, empty.</summary>
/// <remarks>Source: http://hl7.org/fhirpath/N1/#boolean-logic.</remarks>
internal sealed class LogicExpr : TruthExpr
{
    private readonly Logic _logic;
    private readonly Expr _left;
    private readonly Expr _right;

    public LogicExpr(Logic logic, Expr left, Expr right, int position)
        : base(position)
    {
        (_logic, _left, _right) = (logic, left, right);
        Depth = Math.Max(left.Depth, right.Depth) + 1;
    }

    public override bool? Truth(Frame frame, in Values focus)
    {
        var left = _left.Truth(frame, focus);
        switch (_logic)
        {
            case Logic.And:
                return left == false ? false : left & _right.Truth(frame, focus);
            case Logic.Or:
                return left == true ? true : left | _right.Truth(frame, focus);
            case Logic.Implies:
                return left == false ? true : !left | _right.Truth(frame, focus);
            default:
                return left is null ? null : left ^ _right.Truth(frame, focus);
        }
    }
}

/// <summary>not().</summary>
internal sealed class NotExpr : TruthExpr
{
    private readonly Expr _operand;

    public NotExpr(Expr operand, int position)
        : base(position)
    {
        _operand = operand;
        Depth = operand.Depth + 1;
    }

    public override bool? Truth(Frame frame, in Values focus) => !_operand.Truth(frame, focus);
}

/// <summary>exists() and empty() without criteria.</summary>
internal sealed class AnyExpr : TruthExpr
{
    private readonly Expr _operand;
    private readonly bool _expected;

    public AnyExpr(Expr operand, bool expected, int position)
        : base(position)
    {
        (_operand, _expected) = (operand, expected);
        Depth = operand.Depth + 1;
    }

    public override bool? Truth(Frame frame, in Values focus) => _operand.Any(frame, focus) == _expected;
}

/// <summary>hasValue(): http://hl7.org/fhir/R4/fhirpath.html#functions.</summary>
internal sealed class HasValueExpr(int position) : TruthExpr(position)
{
    public override bool? Truth(Frame frame, in Values focus) => focus.One is { HasValue: true };
}

/// <summary>count().</summary>
internal sealed class CountExpr : Expr
{
    private readonly Expr _operand;

    public CountExpr(Expr operand, int position)
        : base(position)
    {
        _operand = operand;
        Depth = operand.Depth + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus) => new(FhirNode.OfSystem(_operand.Count(frame, focus)));

    public override int Count(Frame frame, in Values focus) => 1;
}

/// <summary>children().</summary>
internal sealed class ChildrenExpr(int position) : Expr(position)
{
    public override Values Evaluate(Frame frame, in Values focus)
    {
        var found = new ValuesBuilder();
        for (var i = 0; i < focus.Count; i++)
        {
            focus[i].AddChildren(ref found);
        }

        frame.Count(1 + found.Count);
        return found.ToValues();
    }

    public override int Count(Frame frame, in Values focus)
    {
        var count = 0;
        for (var i = 0; i < focus.Count; i++)
        {
            count += focus[i].CountChildren();
        }

        frame.Count(1 + count);
        return count;
    }

    public override bool Any(Frame frame, in Values focus) => Count(frame, focus) > 0;
}

/// <summary>where(criteria).</summary>
internal sealed class WhereExpr : Expr
{
    private readonly Expr _criteria;

    public WhereExpr(Expr criteria, int position)
        : base(position)
    {
        _criteria = criteria;
        Depth = criteria.Depth + 1;
    }

    public override Values Evaluate(Frame frame, in Values focus)
    {
        var found = new ValuesBuilder();
        var (outer, index) = (frame.This, frame.Index);
        for (var i = 0; i < focus.Count; i++)
        {
            (frame.This, frame.Index) = (new Values(focus[i]), i);
            if (_criteria.Truth(frame, frame.This) == true)
            {
                found.Add(focus[i]);
            }
        }

        (frame.This, frame.Index) = (outer, index);
        frame.Count(1 + focus.Count);
        return found.ToValues();
    }

    public override bool Any(Frame frame, in Values focus)
    {
        var any = false;
        var (outer, index) = (frame.This, frame.Index);
        for (var i = 0; i < focus.Count && !any; i++)
        {
            (frame.This, frame.Index) = (new Values(focus[i]), i);
            any = _criteria.Truth(frame, frame.This) == true;
        }

        (frame.This, frame.Index) = (outer, index);
        frame.Count(1 + focus.Count);
        return any;
    }
}

/// <summary>all(criteria): also when there is nothing.</summary>
internal sealed class AllExpr : TruthExpr
{
    private readonly Expr _criteria;

    public AllExpr(Expr criteria, int position)
        : base(position)
    {
        _criteria = criteria;
        Depth = criteria.Depth + 1;
    }

    public override bool? Truth(Frame frame, in Values focus)
    {
        var all = true;
        var (outer, index) = (frame.This, frame.Index);
        for (var i = 0; i < focus.Count && all; i++)
        {
            (frame.This, frame.Index) = (new Values(focus[i]), i);
            all = _criteria.Truth(frame, frame.This) == true;
        }

        (frame.This, frame.Index) = (outer, index);
        frame.Count(1 + focus.Count);
        return all;
    }
}
