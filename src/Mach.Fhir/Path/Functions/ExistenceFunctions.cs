namespace Mach.Fhir.Path.Functions;

/// <summary>Existence and combining: http://hl7.org/fhirpath/N1/#existence and #combining.</summary>
internal static class ExistenceFunctions
{
    public static readonly Dictionary<string, FunctionEntry> All = new(StringComparer.Ordinal)
    {
        ["allTrue"] = new((in call) => Every(call, true), 0, 0),
        ["anyTrue"] = new((in call) => Some(call, true), 0, 0),
        ["allFalse"] = new((in call) => Every(call, false), 0, 0),
        ["anyFalse"] = new((in call) => Some(call, false), 0, 0),
        ["subsetOf"] = new((in call) => Call.Of(IsSubset(call.Focus, call.Argument(0), call.Frame)), 1, 1),
        ["supersetOf"] = new((in call) => Call.Of(IsSubset(call.Argument(0), call.Focus, call.Frame)), 1, 1),
        ["distinct"] = new((in call) => Set(call.Focus, call.Frame).ToValues(), 0, 0),
        ["isDistinct"] = new((in call) => Call.Of(Set(call.Focus, call.Frame).ToValues().Count == call.Focus.Count), 0, 0),
        ["union"] = new(Union, 1, 1),
        ["combine"] = new(Combine, 1, 1),
        ["intersect"] = new(Intersect, 1, 1),
        ["exclude"] = new(Exclude, 1, 1),
    };

    private static Values Every(in Call call, bool expected)
    {
        for (var i = 0; i < call.Focus.Count; i++)
        {
            if (Boolean(call, i) != expected)
            {
                return Call.Of(false);
            }
        }

        return Call.Of(true);
    }

    private static Values Some(in Call call, bool expected)
    {
        for (var i = 0; i < call.Focus.Count; i++)
        {
            if (Boolean(call, i) == expected)
            {
                return Call.Of(true);
            }
        }

        return Call.Of(false);
    }

    private static bool? Boolean(in Call call, int index) => call.Focus[index] switch
    {
        { SystemValue: bool value } => value,
        { SystemValue: null, IsPrimitive: true } => null,
        var other => throw call.Wrong("A Boolean", other),
    };

    private static bool IsSubset(in Values part, in Values whole, Frame frame)
    {
        var set = Set(whole, frame);
        for (var i = 0; i < part.Count; i++)
        {
            if (!set.Contains(part[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static NodeSet Set(in Values values, Frame frame)
    {
        var set = new NodeSet(frame);
        set.AddAll(values);
        return set;
    }

    private static Values Union(in Call call)
    {
        var set = Set(call.Focus, call.Frame);
        set.AddAll(call.Argument(0));
        return set.ToValues();
    }

    private static Values Combine(in Call call)
    {
        var all = new ValuesBuilder();
        all.AddAll(call.Focus);
        all.AddAll(call.Argument(0));
        call.Frame.Count(all.Count);
        return all.ToValues();
    }

    private static Values Intersect(in Call call)
    {
        var other = Set(call.Argument(0), call.Frame);
        var common = new NodeSet(call.Frame);
        for (var i = 0; i < call.Focus.Count; i++)
        {
            if (other.Contains(call.Focus[i]))
            {
                common.Add(call.Focus[i]);
            }
        }

        return common.ToValues();
    }

    /// <summary>Keeps duplicates and order.</summary>
    private static Values Exclude(in Call call)
    {
        var other = Set(call.Argument(0), call.Frame);
        var rest = new ValuesBuilder();
        for (var i = 0; i < call.Focus.Count; i++)
        {
            if (!other.Contains(call.Focus[i]))
            {
                rest.Add(call.Focus[i]);
            }
        }

        return rest.ToValues();
    }
}
