namespace Mach.Fhir.Path.Functions;

/// <summary>Subsetting, projection, navigation and aggregates: http://hl7.org/fhirpath/N1/#subsetting, #filtering-and-projection, #tree-navigation, #aggregates.</summary>
internal static class SubsettingFunctions
{
    public static readonly Dictionary<string, FunctionEntry> All = new(StringComparer.Ordinal)
    {
        ["single"] = new((in call) => new Values(call.Single), 0, 0),
        ["first"] = new((in call) => call.Focus.IsEmpty ? default : new Values(call.Focus[0]), 0, 0),
        ["last"] = new((in call) => call.Focus.IsEmpty ? default : new Values(call.Focus[call.Focus.Count - 1]), 0, 0),
        ["tail"] = new((in call) => Slice(call.Focus, 1, int.MaxValue), 0, 0),
        ["skip"] = new((in call) => call.Integer(0) is { } skip ? Slice(call.Focus, Math.Max(skip, 0), int.MaxValue) : call.Focus, 1, 1),
        ["take"] = new((in call) => call.Integer(0) is { } take ? Slice(call.Focus, 0, take) : default, 1, 1),
        ["select"] = new(Select, 1, 1),
        ["repeat"] = new(Repeat, 1, 1),
        ["descendants"] = new(Descendants, 0, 0),
        ["aggregate"] = new(Aggregate, 1, 2),
        ["iif"] = new(If, 2, 3),
    };

    private static Values Slice(in Values values, int skip, int take)
    {
        var some = new ValuesBuilder();
        for (var i = skip; i < values.Count && i - skip < take; i++)
        {
            some.Add(values[i]);
        }

        return some.ToValues();
    }

    private static Values Select(in Call call)
    {
        var all = new ValuesBuilder();
        var (outer, index) = (call.Frame.This, call.Frame.Index);
        for (var i = 0; i < call.Focus.Count; i++)
        {
            var part = call.Apply(0, call.Focus[i], i);
            call.Frame.Count(1 + part.Count);
            all.AddAll(part);
        }

        (call.Frame.This, call.Frame.Index) = (outer, index);
        return all.ToValues();
    }

    /// <summary>Items that were found before are not looked at again, so that it ends.</summary>
    private static Values Repeat(in Call call)
    {
        var found = new NodeSet(call.Frame);
        var (outer, index) = (call.Frame.This, call.Frame.Index);
        var queue = new Queue<FhirNode>(call.Focus.ToList());
        for (var i = 0; queue.TryDequeue(out var item); i++)
        {
            var part = call.Apply(0, item, i);
            for (var j = 0; j < part.Count; j++)
            {
                if (found.Add(part[j]))
                {
                    queue.Enqueue(part[j]);
                }
            }
        }

        (call.Frame.This, call.Frame.Index) = (outer, index);
        return found.ToValues();
    }

    /// <summary>As repeat(children()), but every element counts, also one that equals another.</summary>
    private static Values Descendants(in Call call)
    {
        var all = new ValuesBuilder();
        for (var i = 0; i < call.Focus.Count; i++)
        {
            AddDescendants(call.Focus[i], call.Frame, ref all);
        }

        return all.ToValues();
    }

    private static void AddDescendants(FhirNode node, Frame frame, ref ValuesBuilder all)
    {
        var children = new ValuesBuilder();
        node.AddChildren(ref children);
        frame.Count(1 + children.Count);
        var values = children.ToValues();
        for (var i = 0; i < values.Count; i++)
        {
            all.Add(values[i]);
            AddDescendants(values[i], frame, ref all);
        }
    }

    private static Values Aggregate(in Call call)
    {
        var (outer, index, total) = (call.Frame.This, call.Frame.Index, call.Frame.Total);
        var result = call.Arguments > 1 ? call.Argument(1) : default;
        for (var i = 0; i < call.Focus.Count; i++)
        {
            call.Frame.Total = result;
            result = call.Apply(0, call.Focus[i], i);
            call.Frame.Count(1 + result.Count);
        }

        (call.Frame.This, call.Frame.Index, call.Frame.Total) = (outer, index, total);
        return result;
    }

    /// <summary>Only the branch that is chosen is evaluated. $this is what the function is applied to.</summary>
    private static Values If(in Call call)
    {
        var outer = call.Frame.This;
        call.Frame.This = call.Focus;
        var result = call.Lambda(0).Truth(call.Frame, call.Focus) == true ? call.Lambda(1).Evaluate(call.Frame, call.Focus)
            : call.Arguments > 2 ? call.Lambda(2).Evaluate(call.Frame, call.Focus)
            : default;
        call.Frame.This = outer;
        return result;
    }
}
